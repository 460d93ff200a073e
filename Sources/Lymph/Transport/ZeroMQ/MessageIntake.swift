internal import ZeroMQ

/// Reads received messages, in either framing.
final class MessageIntake {
    /// The message that was received last.
    let frames = Multipart()
    private let maxMessageBytes: Int

    init(maxMessageBytes: Int) { self.maxMessageBytes = maxMessageBytes }

    /// What a message says about the protocol extensions of its sender.
    enum Announcement {
        /// It came in lymph's framing, as the first ones of a connection do.
        case framed(Features)
        case packed(Features)
    }

    /// Reads what ``frames`` holds.
    ///
    /// - Parameters:
    ///   - first: The index of the first frame of the message itself.
    ///   - note: Told what the sender supports, before the message that says so is reported.
    ///   - report: Told of each message, and of what is malformed.
    /// - Returns: The number of messages, at least 1.
    func read(
        from first: Int, over route: Route, sender: Peer, _ note: (Announcement) -> Void,
        _ report: (TransportEvent) -> Void
    ) -> Int {
        var count = 0
        do throws(WireError) {
            guard frames.count - first > 1 else {
                try unpack(first, over: route, sender, &count, note, report)
                return count
            }
            let size = frames.byteCount
            let message = try Message(frames: frames, from: first, sender: sender)
            guard size <= maxMessageBytes else {
                throw .tooLarge(
                    "a message of \(size) bytes; \(maxMessageBytes) are allowed",
                    request: message.kind == .request ? message.id : nil)
            }
            note(.framed(message.headers.features))
            report(.message(message, route))
        } catch {
            report(.malformed(error, route))
        }
        return count + 1
    }

    private func unpack(
        _ index: Int, over route: Route, _ sender: Peer, _ count: inout Int, _ note: (Announcement) -> Void,
        _ report: (TransportEvent) -> Void
    ) throws(WireError) {
        // An encrypted frame costs more than its bytes, so there everything is packed.
        let limit = route.peer.key == nil ? PackedFrame.mostBytes : max(maxMessageBytes, PackedFrame.mostBytes)
        try PackedFrame.read(frames.bytes(at: index), limit: limit, sender: sender) { message in
            // Only after a valid message: a single frame may contain anything.
            let features = message.headers.features
            if count == 0 || features != .packing { note(.packed(features)) }
            count += 1
            report(.message(message, route))
        }
    }
}
