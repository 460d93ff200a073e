/// Protocol extensions that a peer supports beyond Python lymph's protocol.
///
/// A peer announces them in the headers of its messages, or implicitly by sending a packed frame: only peers with all
/// features of ``packing`` send those.
package struct Features: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It reads answers on the connection that it sent the request on. The header `return: same`.
    package static let sameConnection = Features(rawValue: 1)
    /// It reads packed frames.
    package static let packed = Features(rawValue: 2)

    /// What the sender of a packed frame supports.
    package static let packing: Features = [.sameConnection, .packed]

    /// The features that the header `features` lists by name.
    private static let named: [(name: String, feature: Features)] = [("packed", .packed)]

    /// Reads the header `features`. Unknown names are ignored: they come from newer peers.
    init(names: some Sequence<String>) {
        self = []
        for name in names {
            if let known = Self.named.first(where: { $0.name == name }) { insert(known.feature) }
        }
    }

    /// The names for the header `features`.
    var names: [String] { Self.named.filter { contains($0.feature) }.map(\.name) }
}
