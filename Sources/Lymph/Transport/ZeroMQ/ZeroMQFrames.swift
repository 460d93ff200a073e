internal import ZeroMQ

extension ZeroMQ.Message {
    /// The frame of a message id.
    init(id: MessageID) throws(ZMQError) {
        switch id {
        case .text(let text): try self.init(copying: text)
        case .number(let number):
            // 32 digits fit into the frame itself: no allocation on the way.
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
        // From 64 KiB on, keeping the bytes where they are costs less than copying them.
        if case .bytes(let bytes) = payload, bytes.count >= 65_536 {
            try self.init(adopting: bytes)
        } else {
            self = try payload.withUnsafeBytes { bytes throws(ZMQError) in try ZeroMQ.Message(copying: bytes) }
        }
    }
}

extension PackedFrame {
    /// Adds a message to those that are sent together, which are sent before it if there is no room, and with it if there is none left.
    ///
    /// - Parameter send: Sends the frame, and empties it if it was sent.
    /// - Returns: nil if the message can't share a frame: it is to be sent alone now, and nothing waits before it.
    mutating func pack(
        _ message: Message, send: (inout PackedFrame) throws(ZMQError) -> Attempt
    ) throws(ZMQError) -> Attempt? {
        if isFull, case .wouldBlock = try send(&self) { return .wouldBlock }
        if append(message) {
            // From here on its fate is the frame's: if that can't be sent, the next flush says so of all that is in it.
            if isFull { _ = try? send(&self) }
            return .done
        }
        if !isEmpty, case .wouldBlock = try send(&self) { return .wouldBlock }
        return nil
    }
}

extension Socket {
    /// Sends the frames of a message whose way is open: the socket took a frame before them.
    func finish(_ message: Message) throws(ZMQError) {
        var id = try ZeroMQ.Message(id: message.id)
        _ = try send(&id, more: true)
        try finishAfterID(message)
    }

    /// Sends the frames after the id.
    ///
    /// If the connection breaks in between, libzmq drops the rest, as long as it gets all of it: so each frame is
    /// offered whatever became of the one before.
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
