/// The sender of a message, as identified by the transport.
public struct Principal: Sendable, Hashable, CustomStringConvertible {
    /// The endpoint that the sender claims. An unencrypted connection does not prove it.
    public let endpoint: Endpoint

    package init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// The endpoint.
    public var description: String { endpoint.description }
}
