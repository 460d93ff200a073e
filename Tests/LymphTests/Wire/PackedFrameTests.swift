import MessagePack
import Testing

@testable import Lymph

@Suite("Several messages in one frame")
struct PackedFrameTests {
    private let source = Endpoint.number(1)
    private let trace = TraceID(7)

    private func read(_ bytes: [UInt8]) throws(WireError) -> [Message] {
        var messages: [Message] = []
        try bytes.span.withUnsafeBytes { bytes throws(WireError) in
            try PackedFrame.read(bytes, sender: Peer(source)) { messages.append($0) }
        }
        return messages
    }

    private func request(
        _ id: UInt128, _ method: String, _ body: [UInt8], timeout: UInt32? = nil, extra: [String: Value] = [:]
    ) throws -> Message {
        Message(
            id: .number(id), kind: .request, purpose: .call(method),
            headers: try .request(
                version: extra.isEmpty ? nil : "1.5.0", trace: trace,
                timeout: timeout.map(TimeoutHeader.init(milliseconds:)), extra: extra),
            payload: .bytes(body))
    }

    private func answer(_ kind: MessageKind, to id: MessageID, _ reason: NackReason? = nil) -> Message {
        Message(
            id: .number(99), kind: kind, purpose: .answer(id),
            headers: .answer(version: .interface(nil), trace: trace, reason: reason, isSameConnection: true),
            payload: .bytes([0xc0]))
    }

    private func add(
        _ message: Message, to frame: inout PackedFrame, isTaken: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let taken = frame.append(message)
        #expect(taken == isTaken, sourceLocation: sourceLocation)
    }

    @Test("what is written is read back in order")
    func roundTrip() throws {
        var frame = PackedFrame()
        #expect(frame.isEmpty)
        try add(request(1, "echo.upper", [0x80]), to: &frame)
        try add(request(2, "é.x", [], extra: ["x": [1, nil]]), to: &frame)
        for kind in MessageKind.allCases.filter(\.isReply) {
            add(answer(kind, to: .number(.max)), to: &frame)
        }
        add(answer(.nack, to: .number(3), .overloaded), to: &frame)
        let messages = try read(frame.bytes)
        #expect(messages.map(\.kind) == [.request, .request, .reply, .ack, .nack, .error, .nack])
        #expect(messages[0].purpose == .call("echo.upper"))
        #expect(messages[0].id == .number(1))
        #expect(try messages[0].body == [:])
        #expect(messages[0].headers.version == .none)
        #expect(messages[1].purpose == .call("é.x"))
        #expect(messages[1].headers.version == .exact("1.5.0"))
        #expect(messages[1].headers["x"] == [1, nil])
        #expect(messages[1].payload.count == 0)
        #expect(messages[2].purpose == .answer(.number(.max)))
        #expect(messages[6].headers.reason == .overloaded)
        for message in messages {
            #expect(message.source == source)
            #expect(message.headers.trace == trace && message.headers.traceID == trace.text)
            #expect(message.headers.features == .packing)
        }
        frame.removeAll()
        #expect(frame.isEmpty)
    }

    @Test("a request has exactly these bytes")
    func bytes() throws {
        var frame = PackedFrame()
        try add(request(0x0102, "a.b", [0x81, 0xa1, 0x78, 0x01]), to: &frame)
        var expected: [UInt8] = [0, 0, 0, 43, 0, 1, 0, 3]
        expected += [UInt8](repeating: 0, count: 14) + [1, 2]
        expected += [UInt8](repeating: 0, count: 15) + [7]
        expected += Array("a.b".utf8) + [0x81, 0xa1, 0x78, 0x01]
        #expect(frame.bytes == expected)
    }

    @Test("the time that is left takes a flag and four bytes, and goes only to peers that read it")
    func timeout() throws {
        let plain = try request(1, "a.b", [0x80])
        let limited = try request(1, "a.b", [0x80], timeout: 0x0102_0304)
        var (without, with, old) = (PackedFrame(), PackedFrame(), PackedFrame())
        add(plain, to: &without)
        add(limited, to: &with)
        #expect(with.bytes.count == without.bytes.count + 4)
        #expect(with.bytes[5] == without.bytes[5] | 4)
        #expect(Array(with.bytes[40..<44]) == [1, 2, 3, 4])
        let read = try #require(try read(with.bytes).first)
        #expect(read.headers.timeout == TimeoutHeader(milliseconds: 0x0102_0304))
        #expect(read.headers["timeout_ms"] == 0x0102_0304)
        #expect(try read.body == [:])
        let isTaken = old.append(limited, for: .packing)
        #expect(isTaken && old.bytes == without.bytes)
        // Beside a map of headers.
        var both = PackedFrame()
        try add(request(1, "a.b", [0x80], timeout: 5, extra: ["x": 1]), to: &both)
        let full = try #require(try self.read(both.bytes).first)
        #expect(full.headers.timeout == TimeoutHeader(milliseconds: 5) && full.headers["x"] == 1)
        #expect(full.headers.version == .exact("1.5.0"))
    }

    @Test("a cancellation takes 24 bytes")
    func cancellation() throws {
        var frame = PackedFrame()
        for id in [7, 8] as [UInt128] {
            let notice = Message(
                id: .number(99), kind: .cancel, purpose: .cancellation(.number(id)), headers: .cancellation,
                payload: .bytes([]))
            add(notice, to: &frame)
        }
        #expect(Array(frame.bytes.prefix(24)) == [0, 0, 0, 20, 5, 0, 0, 0] + [UInt8](repeating: 0, count: 15) + [7])
        #expect(frame.bytes.count == 48)
        let messages = try read(frame.bytes)
        #expect(messages.map(\.kind) == [.cancel, .cancel])
        #expect(messages.map(\.purpose) == [.cancellation(.number(7)), .cancellation(.number(8))])
    }

    @Test("the first message to a peer says what we support; one of the version before takes no notice")
    func announcement() throws {
        for reason in [nil, NackReason.overloaded] {
            var frame = PackedFrame()
            let isTaken = frame.append(
                answer(.nack, to: .number(3), reason), for: .packing, isAnnouncing: true)
            #expect(isTaken)
            let read = try #require(try read(frame.bytes).first)
            #expect(read.headers.features == .ours)
            #expect(read.headers.reason == reason)
            // Flags that it knows, and a header that it ignores.
            #expect(frame.bytes[5] == 3)
            #expect(read.headers["features"] == ["packed", "cancel", "deadline"])
        }
    }

    @Test("a message that does not fit is sent in lymph's own framing")
    func refused() throws {
        var frame = PackedFrame()
        add(answer(.reply, to: .text("a peer chose it")), to: &frame, isTaken: false)
        let largest = PackedFrame.largestBody
        try add(request(1, "echo.upper", .init(repeating: 0, count: largest + 1)), to: &frame, isTaken: false)
        try add(request(1, String(repeating: "x", count: 65_536), []), to: &frame, isTaken: false)
        let foreign = Message(
            id: .number(1), kind: .request, purpose: .call("a.b"),
            headers: try .request(version: nil, trace: TraceID("foreign"), extra: [:]), payload: .bytes([]))
        add(foreign, to: &frame, isTaken: false)
        #expect(frame.isEmpty)
        try add(request(1, "echo.upper", .init(repeating: 0, count: largest)), to: &frame)
    }

    @Test("a frame is full after a number of messages or bytes")
    func full() throws {
        var frame = PackedFrame()
        func fill() throws -> Int {
            var count = 0
            while !frame.isFull {
                count += 1
                try add(request(UInt128(count), "a.b", []), to: &frame)
            }
            frame.removeSent()
            return count
        }
        // The first of several is small, so that the peer can begin.
        #expect(try (1...7).map { _ in try fill() } == [8, 16, 32, 64, 64, 64, 64])
        try add(request(1, "a.b", []), to: &frame)
        frame.removeSent()
        #expect(try fill() == 8)
        frame.removeAll()
        #expect(try fill() == 8)
        let largest = [UInt8](repeating: 0, count: PackedFrame.largestBody)
        for id in 1...3 { try add(request(UInt128(id), "a.b", largest), to: &frame) }
        #expect(!frame.isFull)
        try add(request(4, "a.b", largest), to: &frame)
        #expect(frame.isFull)
        #expect(PackedFrame.fullBytes + PackedFrame.largestBody * 2 < PackedFrame.mostBytes)
    }

    @Test("a malformed message is refused with a reason, and earlier ones are read")
    func malformed() throws {
        var frame = PackedFrame()
        try add(request(1, "a.b", [0x80]), to: &frame)
        let good = frame.bytes
        func changed(_ index: Int, _ byte: UInt8) -> [UInt8] {
            var bytes = good
            bytes[index] = byte
            return bytes
        }
        let bad: [([UInt8], WireError)] = [
            ([], .packed("no message")),
            (
                .init(repeating: 0, count: PackedFrame.mostBytes + 1),
                .tooLarge("a packed frame of 262145 bytes; 262144 are allowed", request: nil)
            ),
            ([0, 0, 0], .packed("4 bytes were announced, 3 follow")),
            ([0, 0, 0, 0], .packed("1 bytes were announced, 0 follow")),
            (changed(3, 255), .packed("255 bytes were announced, 40 follow")),
            (changed(4, 6), .packed("kind 6; 5 is the largest")),
            (changed(5, 8), .packed("unknown flags 8")),
            (changed(7, 255), .packed("255 bytes were announced, 4 follow")),
            (changed(40, 0xff), .subject(.number(1), .request)),
        ]
        for (bytes, error) in bad {
            #expect(throws: error) { try read(bytes) }
            guard bytes.count < 1000 else { continue }
            var messages: [Message] = []
            let both = good + bytes
            try? both.withUnsafeBytes { try PackedFrame.read($0, sender: Peer(source)) { messages.append($0) } }
            #expect(messages.count == 1)
        }
    }

    @Test("random changes neither trap nor are misread", arguments: 0..<8)
    func random(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var frame = PackedFrame()
        try add(request(1, "echo.upper", [0x80], extra: ["x": 1]), to: &frame)
        add(answer(.nack, to: .number(3), .overloaded), to: &frame)
        var (whole, refused) = (0, 0)
        for _ in 0..<2000 {
            var bytes = frame.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...3, using: &random))
            guard let messages = try? read(bytes) else {
                refused += 1
                continue
            }
            #expect(messages.count <= 4)
            if messages.count == 2 { whole += 1 }
        }
        // An id or a body may be anything, a length may not.
        #expect(whole > 0 && refused > 0)
    }
}
