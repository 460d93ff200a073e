internal import ZeroMQ

extension ZeroMQ.Message {
    /// The frame of a message id.
    init(id: MessageID) throws(ZMQError) {
        switch id {
        case .text(let text): try self.init(copying: text)
        case .number(let number):
            // libzmq stores 32 digits inside the frame, without an allocation.
            self = try number.withHex { bytes throws(ZMQError) in try ZeroMQ.Message(copying: bytes) }
        }
    }

    init(copying frame: PackedFrame) throws(ZMQError) {
        self = try frame.bytes.span.withUnsafeBytes { bytes throws(ZMQError) in try ZeroMQ.Message(copying: bytes) }
    }

    init(copying text: String) throws(ZMQError) {
        self = try text.utf8Span.span.withUnsafeBytes { bytes throws(ZMQError) in try ZeroMQ.Message(copying: bytes) }
    }

    init(_ payload: Payload) throws(ZMQError) {
        // From 64 KiB on, adopting the bytes costs less than copying them.
        if case .bytes(let bytes) = payload, bytes.count >= 65_536 {
            try self.init(adopting: bytes)
        } else {
            self = try payload.withUnsafeBytes { bytes throws(ZMQError) in try ZeroMQ.Message(copying: bytes) }
        }
    }
}

extension PackedFrame {
    /// Adds a message to the frame. A frame that is full already is sent first, and one that becomes full is sent at
    /// once.
    ///
    /// - Parameters:
    ///   - peer: What the receiver supports.
    ///   - limit: The largest body that shares a frame.
    ///   - isAnnouncing: Whether the message also says what we support.
    ///   - send: Sends the frame, and empties it if that succeeds.
    /// - Returns: Nil if the message can't share a frame. Everything before it has been sent then, so it can be sent
    ///   on its own.
    mutating func pack(
        _ message: Message, for peer: Features, limit: Int = largestBody, isAnnouncing: Bool = false,
        send: (inout PackedFrame) throws(ZMQError) -> Attempt
    ) throws(ZMQError) -> Attempt? {
        if isFull, case .wouldBlock = try send(&self) { return .wouldBlock }
        if append(message, for: peer, limit: limit, isAnnouncing: isAnnouncing) {
            // The frame holds the message now. If it can't be sent, the next flush reports that for all its messages.
            if isFull { _ = try? send(&self) }
            return .done
        }
        if !isEmpty, case .wouldBlock = try send(&self) { return .wouldBlock }
        return nil
    }
}

/// The frames of a message. All of them are made before the first one is sent, so that no message is left unfinished
/// because there is no memory for the rest of it.
struct OutgoingFrames: ~Copyable {
    private var id: ZeroMQ.Message
    private var kind: ZeroMQ.Message
    private var subject: ZeroMQ.Message
    private var headers: ZeroMQ.Message
    private var body: ZeroMQ.Message

    init(_ message: Message) throws(ZMQError) {
        // A noncopyable value can't be left half initialized, so the frames are put into it at the end.
        let id = try ZeroMQ.Message(id: message.id)
        let kind = try ZeroMQ.Message(copying: message.kind.rawValue)
        let subject =
            switch message.purpose {
            case .call(let name): try ZeroMQ.Message(copying: name)
            case .answer(let id), .cancellation(let id): try ZeroMQ.Message(id: id)
            }
        let headers = try ZeroMQ.Message(.bytes(message.headers.bytes))
        let body = try ZeroMQ.Message(message.payload)
        self.id = id
        self.kind = kind
        self.subject = subject
        self.headers = headers
        self.body = body
    }

    /// Sends the frames. If the first one is accepted, the others are, too: if the connection breaks in between, libzmq
    /// drops them, but still has to be given all of them.
    mutating func send(on socket: Socket) throws(ZMQError) -> Attempt {
        guard case .done = try socket.send(&id, more: true) else { return .wouldBlock }
        _ = try socket.send(&kind, more: true)
        _ = try socket.send(&subject, more: true)
        _ = try socket.send(&headers, more: true)
        _ = try socket.send(&body, more: false)
        return .done
    }
}

extension Socket {
    /// Sends to a peer of a ROUTER, if that is possible at once.
    ///
    /// - Parameter rest: Sends the frames after the identity. They are not made before the identity is accepted, because
    ///   a blocked peer is tried again and again.
    func send(to identity: String, _ rest: () throws(ZMQError) -> Void) throws(ZMQError) -> Attempt {
        var identity = try ZeroMQ.Message(copying: identity)
        guard case .done = try send(&identity, more: true) else { return .wouldBlock }
        do throws(ZMQError) {
            try rest()
            return .done
        } catch {
            endMessage()
            throw error
        }
    }
}
