internal import MessagePack
package import ZeroMQ

/// The frames of a received message, wherever they are stored.
package protocol Frames {
    /// How many frames the message has. Only the first ``accessible`` can be read.
    var count: Int { get }
    var accessible: Int { get }
    /// Calls `body` with the bytes of the five frames from `first` on, in place. They must not escape it.
    func withFrames<R>(from first: Int, _ body: (FiveFrames) throws(WireError) -> R) throws(WireError) -> R
    /// Takes a frame out; it must not be read again.
    func takePayload(_ index: Int) -> Payload
}

/// The frames of a message: id, kind, subject, headers, body.
package typealias FiveFrames = InlineArray<5, UnsafeRawBufferPointer>

extension Multipart: Frames {
    package var accessible: Int { min(count, Self.capacity) }

    package func withFrames<R>(
        from first: Int, _ body: (FiveFrames) throws(WireError) -> R
    ) throws(WireError) -> R {
        try body(FiveFrames { bytes(at: first + $0) })
    }

    package func takePayload(_ index: Int) -> Payload {
        // A small frame points into a shared receive buffer, which it would keep alive: copying it is cheaper.
        let bytes = bytes(at: index)
        return bytes.count <= 4096 ? .bytes([UInt8](bytes)) : .frame(take(index))
    }
}

extension [[UInt8]]: Frames {
    package var accessible: Int { count }

    package func withFrames<R>(
        from first: Int, _ body: (FiveFrames) throws(WireError) -> R
    ) throws(WireError) -> R {
        let all: [UInt8] = flatMap { $0 }
        let starts = indices.map { self[..<$0].reduce(0) { $0 + $1.count } }
        return try all.span.withUnsafeBytes { bytes throws(WireError) in
            try body(
                FiveFrames {
                    let start = starts[first + $0]
                    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + self[first + $0].count])
                })
        }
    }

    package func takePayload(_ index: Int) -> Payload { .bytes(self[index]) }
}

/// Why the frames are not a valid message.
package enum WireError: Error, Hashable {
    /// The message doesn't have five frames.
    case frameCount(Int)
    /// The id is not UTF-8, so the message can't be answered.
    case id
    /// Neither a request nor an answer.
    case kind(String)
    /// The subject is not UTF-8. The id of a request is known, so it can be refused.
    case subject(MessageID, MessageKind)
    /// The headers are not a map.
    case headers(MessageID, MessageKind, String)
    /// One frame that is not a packed frame either; the text says why.
    case packed(String)
    /// The message, or a part of it, is larger than allowed; the text says what, and how large. With the id of a
    /// request that can be refused.
    case tooLarge(String, request: MessageID?)

    /// The id of the request, if it can be answered with NACK anyway.
    package var request: MessageID? {
        switch self {
        case .subject(let id, .request), .headers(let id, .request, _): id
        case .tooLarge(_, let request): request
        default: nil
        }
    }

    /// The reason, as a metrics label.
    package var reason: DropReason {
        switch self {
        case .frameCount: .frameCount
        case .packed: .packed
        case .id, .subject: .encoding
        case .kind: .kind
        case .headers: .headers
        case .tooLarge: .tooLarge
        }
    }
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .frameCount(let count): "a message has 5 frames after its source, this one has \(count)"
        case .packed(let text): "a packed frame is malformed: \(text)"
        case .id: "the message id is not UTF-8"
        case .kind(let text): "unknown kind of message \(text); known are REQ, REP, ACK, NACK, ERROR, CANCEL"
        case .subject: "the subject is not UTF-8"
        case .tooLarge(let text, _): "too large: \(text)"
        case .headers(_, _, let text): "the headers are malformed: \(text)"
        }
    }
}

extension Message {
    /// The number of frames after the source.
    package static let frameCount = 5

    /// The limit, in bytes, of the subject and of the headers of a request. They are read on the poll thread, so a
    /// long one would hold up every other call.
    package static let mostNameBytes = 65_535

    /// Reads a message from the frames from `first` on: id, kind, subject, headers, body.
    ///
    /// Any bytes are accepted or refused without a trap. The body is not read.
    package init(frames: some Frames, from first: Int = 0, sender: Peer?) throws(WireError) {
        guard frames.count - first == Self.frameCount, frames.accessible == frames.count else {
            throw .frameCount(frames.count - first)
        }
        let (id, kind, purpose, headers) = try frames.withFrames(from: first, Self.parse)
        self.init(
            id: id, kind: kind, purpose: purpose, headers: headers, payload: frames.takePayload(first + 4),
            sender: sender)
    }

    private static func parse(
        _ frames: FiveFrames
    ) throws(WireError) -> (MessageID, MessageKind, Purpose, Headers) {
        guard let id = MessageID(frames[0]) else { throw .id }
        guard let kind = MessageKind(frames[1]) else {
            throw .kind(frames[1].prefix(16).debugDescription(of: frames[1].count))
        }
        if kind == .request {
            try checkLength(of: frames[2], "a subject", id)
            try checkLength(of: frames[3], "headers", id)
        }
        let purpose =
            switch kind {
            case .request: String(utf8: frames[2]).map(Purpose.call)
            case .cancel: MessageID(frames[2]).map(Purpose.cancellation)
            case .reply, .ack, .nack, .error: MessageID(frames[2]).map(Purpose.answer)
            }
        guard let purpose else { throw .subject(id, kind) }
        do {
            return (id, kind, purpose, try Headers(decoding: frames[3]))
        } catch {
            throw .headers(id, kind, error.description)
        }
    }

    private static func checkLength(
        of frame: UnsafeRawBufferPointer, _ part: StaticString, _ request: MessageID
    ) throws(WireError) {
        guard frame.count > mostNameBytes else { return }
        throw .tooLarge("\(part) of \(frame.count) bytes; \(mostNameBytes) are allowed", request: request)
    }
}

extension Slice where Base == UnsafeRawBufferPointer {
    /// The bytes as quoted text, truncated, for people.
    fileprivate func debugDescription(of count: Int) -> String {
        String(decoding: self, as: UTF8.self).debugDescription + (count > self.count ? "… (\(count) bytes)" : "")
    }
}
