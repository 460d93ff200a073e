import Testing

@testable import ZeroMQ

@Suite("Multipart messages")
struct MultipartTests {
    /// Two connected sockets of one context.
    private final class Pair {
        let context: Context
        let a: Socket
        let b: Socket

        init() throws {
            context = try Context()
            a = try Socket(.pair, in: context)
            b = try Socket(.pair, in: context)
            try a.bind("inproc://pair")
            try b.connect("inproc://pair")
        }

        deinit {
            a.close()
            b.close()
            context.terminate()
        }
    }

    private func send(_ frames: [[UInt8]], on socket: Socket) throws {
        for (index, frame) in frames.enumerated() {
            var message = try frame.span.withUnsafeBytes { bytes throws(ZMQError) in try Message(copying: bytes) }
            #expect(try socket.send(&message, more: index < frames.count - 1) == .done)
        }
    }

    @Test("frames arrive unchanged", arguments: [1, 2, 8])
    func roundTrip(count: Int) throws {
        let pair = try Pair()
        let frames = (0..<count).map { [UInt8](repeating: UInt8($0), count: $0 * 40) }
        try send(frames, on: pair.a)
        let received = Multipart()
        #expect(try pair.b.receive(into: received) == .done)
        #expect(received.count == count)
        #expect(received.byteCount == frames.joined().count)
        for (index, frame) in frames.enumerated() {
            #expect(received.withUnsafeBytes(at: index) { [UInt8]($0) } == frame)
        }
        #expect(try pair.b.receive(into: received) == .wouldBlock)
    }

    @Test("frames beyond the capacity are counted and dropped, and the next message is complete")
    func manyFrames() throws {
        let pair = try Pair()
        try send((0..<20).map { _ in [1, 2, 3] }, on: pair.a)
        try send([[9]], on: pair.a)
        let received = Multipart()
        #expect(try pair.b.receive(into: received) == .done)
        #expect(received.count == 20)
        #expect(received.byteCount == 60)
        #expect(try pair.b.receive(into: received) == .done)
        #expect(received.count == 1)
        #expect(received.withUnsafeBytes(at: 0) { [UInt8]($0) } == [9])
    }

    @Test("a frame that is taken out keeps its bytes", arguments: [10, 100_000])
    func take(size: Int) throws {
        let pair = try Pair()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        try send([[1], bytes], on: pair.a)
        let received = Multipart()
        #expect(try pair.b.receive(into: received) == .done)
        let frame = received.take(1)
        try send([[2], [3]], on: pair.a)
        #expect(try pair.b.receive(into: received) == .done)
        #expect(frame.withUnsafeBytes { [UInt8]($0) } == bytes)
        #expect(frame.count == size)
    }

    @Test("bytes that are sent without copying arrive", arguments: [0, 1, 65_536, 1_000_000])
    func adopt(size: Int) throws {
        let pair = try Pair()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var message = try Message(adopting: bytes)
        #expect(try pair.a.send(&message, more: false) == .done)
        let received = Multipart()
        #expect(try pair.b.receive(into: received) == .done)
        #expect(received.withUnsafeBytes(at: 0) { [UInt8]($0) } == bytes)
    }
}
