extension AccessPolicy {
    /// How a connection says who it is.
    package enum Mechanism: Sendable, Hashable {
        /// Not at all: it isn't encrypted.
        case null
        /// By a key that it has proved to have.
        case curve(PublicKey)
    }

    /// Whether a connection is admitted.
    package enum Admission: Sendable, Hashable {
        /// As the member with the name.
        case admitted(String)
        case refused(Denial)
    }

    /// Why a connection is refused.
    package struct Denial: Sendable, Hashable, CustomStringConvertible {
        package enum Reason: String, Sendable, CaseIterable {
            /// No member has the key.
            case unknownKey = "unknown_key"
            /// The member with the key may not come from there.
            case address
            /// Nobody may come from there without encryption.
            case plain
        }

        package let reason: Reason

        /// The reason for people.
        package let description: String

        /// The reason as the label of a metric.
        package var label: String { reason.rawValue }
    }

    /// Decides about a connection.
    ///
    /// - Parameter host: The address that it comes from, as the transport tells it. What is not an IP address is in
    ///   no range.
    package func admit(_ mechanism: Mechanism, from host: String) -> Admission {
        switch mechanism {
        case .curve(let key):
            guard let member = member(withKey: key) else {
                return .refused(.init(reason: .unknownKey, description: "no member has the key \(key)"))
            }
            guard member.from.isEmpty || member.from.contains(where: { $0.contains(host) }) else {
                return .refused(
                    .init(reason: .address, description: "\(member.name) may not connect from \(host.shown)"))
            }
            return .admitted(member.name)
        case .null:
            guard let member = member(withPlainHost: host) else {
                return .refused(
                    .init(reason: .plain, description: "nobody may connect from \(host.shown) without encryption"))
            }
            return .admitted(member.name)
        }
    }
}
