internal import Lymph
internal import MessagePack

extension FuzzTarget {
    /// Several messages in one frame, from strangers.
    static let packed = FuzzTarget(
        "packed", seeds: [frame([.request]), frame([.reply, .nack]), frame([.cancel, .request, .error])],
        words: ["features", "version", "\0\0\0\u{18}"]
    ) { input throws(BrokenProperty) in
        let endpoint = try? Endpoint(host: "127.0.0.1", port: 1)
        guard let sender = endpoint.map(Peer.init) else { return }
        var messages: [Message] = []
        var isWhole = true
        do throws(WireError) {
            try read(input, sender) { messages.append($0) }
        } catch {
            isWhole = false
            _ = (error.description, error.reason, error.request)
        }
        try demand(messages.count <= input.count / 24, "\(messages.count) messages in \(input.count) bytes")
        for message in messages { _ = (try? message.body, message.headers.fields, message.subject) }
        // A map of headers is not copied from a received message.
        guard isWhole, messages.allSatisfy({ $0.headers.bytes.isEmpty }) else { return }
        try checkRepacking(messages, sender)
    }

    private static func checkRepacking(_ messages: [Message], _ sender: Peer) throws(BrokenProperty) {
        var frame = PackedFrame()
        for message in messages {
            try demand(frame.append(message), "a message that was packed can be packed")
        }
        var again: [Message] = []
        do throws(WireError) { try read(frame.bytes, sender) { again.append($0) } } catch {
            throw BrokenProperty(description: "our own frame is refused: \(error)")
        }
        try demand(messages.count == again.count, "\(again.count) of \(messages.count) messages came back")
        for (a, b) in zip(messages, again) {
            try demand(a.kind == b.kind && a.purpose == b.purpose, "kind and purpose come back")
            try demand(
                a.headers.trace == b.headers.trace && a.headers.timeout == b.headers.timeout, "headers come back")
            try demand(bytes(a) == bytes(b), "the body comes back")
        }
    }

    private static func bytes(_ message: Message) -> [UInt8] { message.payload.withUnsafeBytes { [UInt8]($0) } }

    private static func read(
        _ frame: [UInt8], _ sender: Peer, _ body: (Message) -> Void
    ) throws(WireError) {
        try frame.span.withUnsafeBytes { bytes throws(WireError) in
            try PackedFrame.read(bytes, sender: sender, body)
        }
    }

    private static func frame(_ kinds: [MessageKind]) -> [UInt8] {
        var frame = PackedFrame()
        for kind in kinds {
            let id = MessageID.number(9)
            let purpose: Message.Purpose =
                kind == .request ? .call("echo.upper") : kind == .cancel ? .cancellation(id) : .answer(id)
            let request = try? Headers.request(
                version: Version("1.5.0"), trace: TraceID(7), timeout: TimeoutHeader(milliseconds: 100), extra: [:])
            let headers = kind == .request ? request ?? Headers() : Headers.cancellation
            _ = frame.append(
                Message(id: id, kind: kind, purpose: purpose, headers: headers, payload: .bytes([0x81, 0xa1, 0x78, 1])))
        }
        return frame.bytes
    }
}
