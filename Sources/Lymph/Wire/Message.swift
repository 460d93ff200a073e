public import MessagePack

/// A message between two peers: a request, the answer to one, or its cancellation.
public struct Message: Sendable {
    /// The purpose of the message; its subject on the wire.
    package enum Purpose: Sendable, Hashable {
        /// It calls a method, `interface.method`.
        case call(String)
        /// It answers a request.
        case answer(MessageID)
        /// Its sender waits no longer for the answer to its request.
        case cancellation(MessageID)
    }

    // One object, because messages are passed on often and this way a copy costs a single retain.
    private final class Storage: Sendable {
        let id: MessageID
        let kind: MessageKind
        let purpose: Purpose
        let headers: Headers
        let payload: Payload
        let sender: Peer?

        init(
            id: MessageID, kind: MessageKind, purpose: Purpose, headers: Headers, payload: Payload, sender: Peer?
        ) {
            self.id = id
            self.kind = kind
            self.purpose = purpose
            self.headers = headers
            self.payload = payload
            self.sender = sender
        }
    }

    private let storage: Storage

    /// The kind of message.
    public var kind: MessageKind { storage.kind }

    /// The headers.
    public var headers: Headers { storage.headers }

    package var id: MessageID { storage.id }
    package var purpose: Purpose { storage.purpose }
    package var payload: Payload { storage.payload }

    /// The sender; nil for our own messages.
    public var sender: Peer? { storage.sender }

    /// The sender's endpoint; nil for our own messages.
    public var source: Endpoint? { sender?.endpoint }

    package init(
        id: MessageID, kind: MessageKind, purpose: Purpose, headers: Headers, payload: Payload, sender: Peer? = nil
    ) {
        storage = Storage(id: id, kind: kind, purpose: purpose, headers: headers, payload: payload, sender: sender)
    }

    /// The same request with another time that is left.
    package func with(_ timeout: TimeoutHeader) -> Message {
        Message(
            id: id, kind: kind, purpose: purpose, headers: headers.with(timeout), payload: payload, sender: sender)
    }

    /// For a request, the method as `interface.method`; for any other message, the id of the request.
    public var subject: String {
        switch purpose {
        case .call(let name): name
        case .answer(let id), .cancellation(let id): id.description
        }
    }

    /// The body. Decoded at each access.
    ///
    /// - Throws: `MessagePackError` if the peer sent bytes that are not MessagePack.
    public var body: Value {
        get throws { try decode(Value.self) }
    }

    /// Decodes the body as a type.
    ///
    /// - Throws: `MessagePackError` if the bytes are not MessagePack, or `DecodingError` if they don't fit the type.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        try payload.withUnsafeBytes { bytes in
            if type == Value.self, let value = try Value(decoding: bytes) as? T { return value }
            return try MessagePackDecoder.decode(type, from: bytes)
        }
    }
}
