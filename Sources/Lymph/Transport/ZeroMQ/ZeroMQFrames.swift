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
    /// - Parameter send: Sends the frame, and empties it if that succeeds.
    /// - Returns: Nil if the message can't share a frame. Everything before it has been sent then, so it can be sent
    ///   on its own.
    mutating func pack(
        _ message: Message, send: (inout PackedFrame) throws(ZMQError) -> Attempt
    ) throws(ZMQError) -> Attempt? {
        if isFull, case .wouldBlock = try send(&self) { return .wouldBlock }
        if append(message) {
            // The frame holds the message now. If it can't be sent, the next flush reports that for all its messages.
            if isFull { _ = try? send(&self) }
            return .done
        }
        if !isEmpty, case .wouldBlock = try send(&self) { return .wouldBlock }
        return nil
    }
}

extension Socket {
    /// Sends a message's frames after the socket has accepted the identity frame.
    func finish(_ message: Message) throws(ZMQError) {
        var id = try ZeroMQ.Message(id: message.id)
        _ = try send(&id, more: true)
        try finishAfterID(message)
    }

    /// Sends the frames after the id.
    ///
    /// If the connection breaks in between, libzmq drops the rest of the message, but still has to be given all of it.
    /// So it does not matter whether a frame was accepted.
    func finishAfterID(_ message: Message) throws(ZMQError) {
        var kind = try ZeroMQ.Message(copying: message.kind.rawValue)
        _ = try send(&kind, more: true)
        var subject =
            switch message.purpose {
            case .call(let name): try ZeroMQ.Message(copying: name)
            case .answer(let id): try ZeroMQ.Message(id: id)
            }
        _ = try send(&subject, more: true)
        var headers = try ZeroMQ.Message(.bytes(message.headers.bytes))
        _ = try send(&headers, more: true)
        var body = try ZeroMQ.Message(message.payload)
        _ = try send(&body, more: false)
    }
}
