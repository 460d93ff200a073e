/// Who sent a message, as the transport knows it.
public struct Principal: Sendable, Hashable, CustomStringConvertible {
    /// The endpoint that the sender goes by. Over an unencrypted connection it is what the sender says, and nothing proves it.
    public let endpoint: Endpoint

    package init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// The endpoint.
    public var description: String { endpoint.description }
}
