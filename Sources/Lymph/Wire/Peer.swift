/// The sender of a message, as the transport knows it.
public struct Peer: Sendable, Hashable, CustomStringConvertible {
    /// The endpoint that the sender claims. An unencrypted connection does not prove it; an encrypted one proves its
    /// ``Endpoint/key``.
    public let endpoint: Endpoint

    /// The name that the ``AccessPolicy`` gives the sender; nil without a policy.
    public var name: String? { origin?.name }

    /// The address that the sender's connection comes from, as the system knows it; nil if that was not found out, which
    /// it is where a policy decides.
    public var address: String? { origin?.address }

    /// The key that the sender has proved to have; nil without encryption.
    public var key: PublicKey? { endpoint.key }

    // One reference, because every message carries it along.
    private let origin: Origin?

    private final class Origin: Sendable, Hashable {
        let name: String?
        let address: String?

        init(name: String?, address: String?) {
            self.name = name
            self.address = address
        }

        static func == (a: Origin, b: Origin) -> Bool { a.name == b.name && a.address == b.address }

        func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(address)
        }
    }

    package init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
        origin = nil
    }

    package init(_ endpoint: Endpoint, name: String?, address: String?) {
        self.endpoint = endpoint
        origin = Origin(name: name, address: address)
    }

    /// The name, if there is one, and the endpoint.
    public var description: String { name.map { "\($0) (\(endpoint))" } ?? endpoint.description }
}
