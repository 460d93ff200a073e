internal import MessagePack

/// Several messages in one ØMQ frame, as Swift peers exchange them.
///
/// libzmq moves one frame in about the time it takes for each of the five of lymph's framing, so several messages
/// share one. Python peers never see this: it is used only on connections whose other side has announced that it
/// reads packed frames (the header `features`). All numbers are big-endian. Each message is:
///
/// | bytes | what |
/// |---|---|
/// | 4 | how many bytes follow |
/// | 1 | kind: 0 REQ, 1 REP, 2 ACK, 3 NACK, 4 ERROR, 5 CANCEL |
/// | 1 | flags: 1 a trace id follows, 2 a map of headers follows, 4 the time that is left follows |
/// | 2 | length of the subject; 0 except for a request |
/// | 16 | the id of the request |
/// | 16 | the trace id, if flagged |
/// | 4 | the milliseconds that the caller still waits, if flagged |
/// | 4 + n | the length of the headers and these, if flagged |
/// | n | the subject |
/// | the rest | the body |
///
/// The kind `CANCEL` and the flag 4 are only for peers that list `cancel` and `deadline` among their features: others
/// refuse the frame.
package struct PackedFrame: Sendable {
    /// The messages so far.
    package private(set) var bytes: [UInt8] = []
    private var count = 0
    private var fullCount = Self.fewestMessages

    /// Larger frames are refused: reading one would keep the thread busy with a single peer for too long.
    package static let mostBytes = 256 * 1024
    /// A frame is full, and sent, at this size.
    package static let fullBytes = 64 * 1024
    /// A frame is also full at this number of messages: the first of several frames is small, so that the peer can
    /// start while we go on. Each later one may have twice as many as the one before, up to `mostMessages`.
    package static let fewestMessages = 8
    package static let mostMessages = 64
    /// The largest body that is packed. Larger ones are better off in frames of their own.
    package static let largestBody = 16 * 1024

    private static let kinds: [MessageKind] = [.request, .reply, .ack, .nack, .error, .cancel]
    private static let fixedBytes = 20

    private enum Flag {
        static let trace: UInt8 = 1
        static let map: UInt8 = 2
        static let timeout: UInt8 = 4
    }

    package init() {}

    package var isEmpty: Bool { bytes.isEmpty }
    package var isFull: Bool { count >= fullCount || bytes.count >= Self.fullBytes }

    /// Empties the frame after it was sent.
    package mutating func removeSent() {
        fullCount = isFull ? min(2 * fullCount, Self.mostMessages) : Self.fewestMessages
        // The memory of a single huge message isn't kept.
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.mostBytes)
        count = 0
    }

    /// Empties the frame and starts with small frames again.
    package mutating func removeAll() {
        removeSent()
        fullCount = Self.fewestMessages
    }

    // MARK: Writing

    /// Adds a message.
    ///
    /// - Parameters:
    ///   - peer: What the receiver supports. It gets no time that is left if it can't read that.
    ///   - limit: The largest body that is packed. On encrypted connections all are, since each frame costs there.
    ///   - isAnnouncing: Whether the message also says what we support.
    /// - Returns: Whether the message fits. If not, it goes out in lymph's framing.
    package mutating func append(
        _ message: Message, for peer: Features = .ours, limit: Int = largestBody, isAnnouncing: Bool = false
    ) -> Bool {
        let payload = message.payload
        guard payload.count <= limit else { return false }
        let number: UInt128
        let subject: String
        switch (message.purpose, message.id) {
        case (.answer(.number(let id)), _), (.cancellation(.number(let id)), _): (number, subject) = (id, "")
        case (.call(let method), .number(let id)): (number, subject) = (id, method)
        default: return false
        }
        guard subject.utf8.count <= UInt16.max else { return false }
        let map = message.headers.packedMap(isAnnouncing: isAnnouncing)
        let trace = message.headers.trace
        // A trace id that is no number fits into no packed frame.
        guard map.count <= Self.largestBody, trace == nil || trace?.number != nil else { return false }
        let timeout = peer.contains(.deadline) ? message.headers.timeout : nil
        var count = Self.fixedBytes + subject.utf8.count + payload.count
        withUnsafeTemporaryAllocation(byteCount: 4 + Self.fixedBytes + 20, alignment: 1) { head in
            var (flags, end) = (UInt8(0), 4 + Self.fixedBytes)
            if let trace = trace?.number {
                flags |= Flag.trace
                head.storeBytes(of: trace.bigEndian, toByteOffset: end, as: UInt128.self)
                end += 16
            }
            if let timeout {
                flags |= Flag.timeout
                head.storeBytes(of: timeout.milliseconds.bigEndian, toByteOffset: end, as: UInt32.self)
                end += 4
            }
            if !map.isEmpty {
                flags |= Flag.map
                count += 4 + map.count
            }
            count += end - 4 - Self.fixedBytes
            head.storeBytes(of: UInt32(count).bigEndian, as: UInt32.self)
            head[4] = UInt8(Self.kinds.firstIndex(of: message.kind) ?? 0)
            head[5] = flags
            head.storeBytes(of: UInt16(subject.utf8.count).bigEndian, toByteOffset: 6, as: UInt16.self)
            head.storeBytes(of: number.bigEndian, toByteOffset: 8, as: UInt128.self)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: head[..<end]))
        }
        if !map.isEmpty {
            withUnsafeBytes(of: UInt32(map.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: map)
        }
        bytes.append(contentsOf: subject.utf8)
        payload.withUnsafeBytes { bytes.append(contentsOf: $0) }
        self.count += 1
        return true
    }

    // MARK: Reading

    /// Reads the messages of a frame, one after the other.
    ///
    /// Any bytes are accepted or refused without a trap. Nothing after a malformed message is read.
    ///
    /// - Parameters:
    ///   - limit: The largest frame that is read.
    ///   - body: Called with each message.
    package static func read(
        _ frame: UnsafeRawBufferPointer, limit: Int = mostBytes, sender: Peer, _ body: (Message) -> Void
    ) throws(WireError) {
        guard frame.count <= limit else {
            throw .tooLarge("a packed frame of \(frame.count) bytes; \(limit) are allowed", request: nil)
        }
        guard !frame.isEmpty else { throw .packed("no message") }
        var rest = PackedReader(frame)
        while !rest.isEmpty {
            var message = try rest.take(Int(rest.number(UInt32.self)))
            body(try read(&message, sender: sender))
        }
    }

    private static func read(_ reader: inout PackedReader, sender: Peer) throws(WireError) -> Message {
        let kindNumber = Int(try reader.number(UInt8.self))
        guard kindNumber < kinds.count else { throw .packed("kind \(kindNumber); \(kinds.count - 1) is the largest") }
        let kind = kinds[kindNumber]
        let flags = try reader.number(UInt8.self)
        guard flags & ~(Flag.trace | Flag.map | Flag.timeout) == 0 else { throw .packed("unknown flags \(flags)") }
        let subjectCount = Int(try reader.number(UInt16.self))
        let id = MessageID.number(try reader.number(UInt128.self))
        let trace = flags & Flag.trace == 0 ? nil : TraceID(try reader.number(UInt128.self))
        let timeout =
            flags & Flag.timeout == 0 ? nil : TimeoutHeader(milliseconds: try reader.number(UInt32.self))
        let map = flags & Flag.map == 0 ? nil : try reader.take(Int(reader.number(UInt32.self)))
        let subject = try reader.take(subjectCount).bytes
        let purpose: Message.Purpose
        switch kind {
        case .request:
            guard let method = String(utf8: subject) else { throw .subject(id, kind) }
            purpose = .call(method)
        case .cancel: purpose = .cancellation(id)
        case .reply, .ack, .nack, .error: purpose = .answer(id)
        }
        let headers: Headers
        do {
            headers = try Headers(unpacking: map?.bytes ?? .init(start: nil, count: 0), trace: trace, timeout: timeout)
        } catch {
            throw .headers(id, kind, error.description)
        }
        return Message(
            id: id, kind: kind, purpose: purpose, headers: headers, payload: .bytes([UInt8](reader.bytes)),
            sender: sender)
    }
}

/// Takes numbers and bytes from the front of a frame.
private struct PackedReader {
    private(set) var bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isEmpty: Bool { bytes.isEmpty }

    mutating func take(_ count: Int) throws(WireError) -> PackedReader {
        guard count <= bytes.count else { throw .packed("\(count) bytes were announced, \(bytes.count) follow") }
        defer { bytes = UnsafeRawBufferPointer(rebasing: bytes[count...]) }
        return PackedReader(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }

    mutating func number<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(WireError) -> T {
        let taken = try take(MemoryLayout<T>.size)
        return T(bigEndian: taken.bytes.loadUnaligned(as: T.self))
    }
}
