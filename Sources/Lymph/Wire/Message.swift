public import MessagePack

/// A message between two peers: a request, or the answer to one.
public struct Message: Sendable {
    /// What the message is about.
    package enum Subject: Sendable, Hashable {
        /// The method that a request wants to call, as `interface.method`.
        case method(String)
        /// The request that is answered.
        case request(MessageID)
    }

    // In one object: a message is handed on often, and copied with one retain.
    private final class Storage: Sendable {
        let id: MessageID
        let kind: MessageKind
        let about: Subject
        let headers: Headers
        let payload: Payload
        let source: Endpoint?

        init(
            id: MessageID, kind: MessageKind, about: Subject, headers: Headers, payload: Payload, source: Endpoint?
        ) {
            self.id = id
            self.kind = kind
            self.about = about
            self.headers = headers
            self.payload = payload
            self.source = source
        }
    }

    private let storage: Storage

    /// What the message is.
    public var kind: MessageKind { storage.kind }

    /// The headers.
    public var headers: Headers { storage.headers }

    package var id: MessageID { storage.id }
    package var about: Subject { storage.about }
    package var payload: Payload { storage.payload }

    /// Where the sender can be reached; nil for a message of our own.
    public var source: Endpoint? { storage.source }

    package init(
        id: MessageID, kind: MessageKind, about: Subject, headers: Headers, payload: Payload, source: Endpoint? = nil
    ) {
        storage = Storage(id: id, kind: kind, about: about, headers: headers, payload: payload, source: source)
    }

    /// The method of a request as `interface.method`; the id of the request for an answer.
    public var subject: String {
        switch about {
        case .method(let name): name
        case .request(let id): id.description
        }
    }

    /// The body.
    ///
    /// It is decoded anew at each use.
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
