import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Reading frames")
struct FramesTests {
    private let peer = Endpoint("tcp://127.0.0.1:4100")

    private func read(_ frames: [[UInt8]], from first: Int = 0) -> Result<Lymph.Message, WireError> {
        Result { () throws(WireError) in try Message(frames: frames, from: first, sender: peer.map(Peer.init)) }
    }

    @Test("a request is read")
    func request() throws {
        let headers = Wire.map((Wire.str("version"), Wire.str("1.5.0")))
        let message = try read(Wire.frames(headers: headers, body: [0x93, 1, 2, 3])).get()
        #expect(message.id == .text("id"))
        #expect(message.kind == .request)
        #expect(message.purpose == .call("echo.upper"))
        #expect(message.subject == "echo.upper")
        #expect(message.headers.version == .exact("1.5.0"))
        #expect(message.source == peer)
        #expect(try message.body == [1, 2, 3])
    }

    @Test("an answer is read with the subject of its request", arguments: MessageKind.allCases.filter(\.isReply))
    func answer(kind: MessageKind) throws {
        let digits = "0123456789abcdef0011223344556677"
        let number = UInt128(0x0123_4567_89ab_cdef_0011_2233_4455_6677)
        let message = try read(Wire.frames(id: digits, kind: kind.rawValue, subject: digits)).get()
        #expect(message.id == .number(number))
        #expect(message.kind == kind)
        #expect(message.purpose == .answer(.number(number)))
        #expect(message.subject == digits)
        #expect(try read(Wire.frames(kind: kind.rawValue, subject: "own text")).get().subject == "own text")
    }

    @Test("a message has five frames after its source", arguments: 0...20)
    func frameCount(count: Int) throws {
        for first in 0...min(1, count) {
            let start = [[UInt8]](repeating: [0xff], count: first)
            let five = Wire.frames()
            let frames = start + (0..<count - first).map { $0 < 5 ? five[$0] : [] }
            switch read(frames, from: first) {
            case .success: #expect(count - first == 5)
            case .failure(let error):
                #expect(error == .frameCount(count - first))
                #expect(count - first != 5)
            }
        }
    }

    /// Frames of a message of which only some were kept.
    private struct Kept: Frames {
        let count: Int
        let accessible: Int
        let frames = Wire.frames()

        func withFrames<R>(
            from first: Int, _ body: (FiveFrames) throws(WireError) -> R
        ) throws(WireError) -> R {
            if first + 4 >= accessible { Issue.record("frame \(first + 4) of \(accessible) was read") }
            return try frames.withFrames(from: first, body)
        }

        func takePayload(_ index: Int) -> Payload { frames.takePayload(index) }
    }

    @Test("frames that were not kept are not read", arguments: 0...20)
    func keptFrames(count: Int) {
        for accessible in 0...min(count, 8) {
            let frames = Kept(count: count, accessible: accessible)
            let result = Result { () throws(WireError) in try Message(frames: frames, sender: nil) }
            if case .success = result {
                #expect(count == 5 && accessible == 5)
            } else {
                #expect(count != 5 || accessible < 5)
            }
        }
    }

    @Test("five frames of any bytes are read or refused")
    func random() throws {
        var random = SplitMix64(seed: 6)
        var accepted = 0
        for _ in 0..<5000 {
            var frames = Wire.frames(headers: Wire.map((Wire.str("version"), Wire.str("1.5.0"))))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<5, using: &random)
                let count = Int.random(in: 0...12, using: &random)
                frames[index] = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            switch read(frames) {
            case .success(let message):
                accepted += 1
                _ = try? message.body
                _ = try? message.decode([String: Int].self)
            case .failure(let error): _ = error.description
            }
        }
        #expect(accepted > 25)
    }

    @Test("the body is not inspected")
    func hostileBody() throws {
        for body: [UInt8] in [[], [0xc1], [0x91], [0xc0, 0xc0], [0xdf, 0xff, 0xff, 0xff, 0xff], [0xa1, 0xff]] {
            let message = try read(Wire.frames(body: body)).get()
            #expect(throws: MessagePackError.self, "\(body)") { try message.body }
            #expect(throws: MessagePackError.self, "\(body)") { try message.decode(Value.self) }
            #expect(throws: (any Error).self, "\(body)") { try message.decode(Int.self) }
        }
        let message = try read(Wire.frames(body: [0xa1, 0x61])).get()
        #expect(try message.decode() as String == "a")
        #expect(throws: (any Error).self) { try message.decode(Int.self) }
    }

    @Test("our own messages have the frames that are read")
    func ours() throws {
        for frames in [
            Wire.frames(id: "0123456789abcdef0011223344556677", body: [1]),
            Wire.frames(id: "X", kind: "NACK", subject: "Y", headers: [], body: []),
        ] {
            let message = try read(frames).get()
            #expect(message.frames() == frames)
        }
    }

    @Test(
        "a small body of a received message is copied, a large one is taken over", arguments: [0, 4096, 4097, 100_000])
    func payloads(count: Int) throws {
        let context = try Context()
        let (a, b) = (try Socket(.pair, in: context), try Socket(.pair, in: context))
        defer {
            a.close()
            b.close()
            context.terminate()
        }
        try a.bind("inproc://payloads")
        try b.connect("inproc://payloads")
        let frames = Wire.frames(body: [UInt8](repeating: 7, count: count))
        for (index, frame) in frames.enumerated() {
            var message = try frame.span.withUnsafeBytes { bytes throws(ZMQError) in try ZeroMQ.Message(copying: bytes)
            }
            #expect(try a.send(&message, more: index < 4) == .done)
        }
        let received = Multipart()
        #expect(try b.receive(into: received) == .done)
        let message = try Message(frames: received, sender: peer.map(Peer.init))
        #expect(message.payload.withUnsafeBytes { [UInt8]($0) } == frames[4])
        if case .frame = message.payload { #expect(count > 4096) } else { #expect(count <= 4096) }
    }
}
