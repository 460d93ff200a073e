import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// Valid messages with small random changes, the same ones for the same seed.
    @Suite("Mutations", .timeLimit(.minutes(1)))
    struct FuzzTests {
        @Test("each of 20 000 mutated messages is answered or counted", arguments: Medium.allCases)
        func mutations(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                var mutator = Mutator(seed: 0x5eed)
                var expected = Expected()
                var answered = 0
                try await stage.whileCalling {
                    for _ in 0..<200 {
                        for _ in 0..<100 {
                            let message = mutator.next()
                            expected.count(message)
                            try await stage.peer.send(message)
                        }
                        answered += try await stage.peer.answersUntilPing().count
                    }
                }
                // Answers of methods may come after the answer to a ping.
                let deadline = ContinuousClock.now + .seconds(10)
                while answered < expected.requests, ContinuousClock.now < deadline {
                    answered += try await stage.peer.answersUntilPing().count
                }
                let statistics = await stage.poller.statistics
                #expect(answered == expected.requests)
                #expect(statistics.dropped(.frameCount) == expected.frameCount)
                #expect(statistics.dropped(.kind) == expected.kind)
                #expect(statistics.dropped(.encoding) == expected.encoding)
                // Every other answer was dropped for its headers, or because it belongs to no call.
                let (headers, unknown) = (statistics.dropped(.headers), statistics.dropped(.unknownReply))
                #expect(unknown <= expected.replies && headers + unknown >= expected.replies)
                #expect(headers + unknown <= expected.replies + expected.requests)
                let all = DropReason.allCases.reduce(0) { $0 + statistics.dropped($1) }
                #expect(all == expected.frameCount + expected.kind + expected.encoding + headers + unknown)
                await stage.poller.logAllSums()
                #expect(stage.log.lines.total("dropped a message") == all)
                // The check must not have been vacuous.
                for count in [
                    expected.frameCount, expected.kind, expected.encoding, expected.requests, expected.replies, headers,
                ] {
                    #expect(count > 100)
                }
            }
        }

        /// The expected outcome of the messages, decided without the code under test.
        private struct Expected {
            var (frameCount, kind, encoding) = (0, 0, 0)
            /// Requests that get an answer, and answers that can be read up to their subject.
            var (requests, replies) = (0, 0)

            mutating func count(_ frames: [[UInt8]]) {
                guard frames.count == 5 else { return frameCount += 1 }
                guard String(validating: frames[0], as: UTF8.self) != nil else { return encoding += 1 }
                let kindText = String(decoding: frames[1], as: UTF8.self)
                guard ["REQ", "REP", "ACK", "NACK", "ERROR"].contains(kindText) else { return kind += 1 }
                let isRequest = kindText == "REQ"
                let isText = String(validating: frames[2], as: UTF8.self) != nil
                if !isText { encoding += 1 }
                if isRequest { requests += 1 } else if isText { replies += 1 }
            }
        }

        @Test("20 000 random streams of bytes after a handshake do no harm")
        func streams() async throws {
            try await withStage(.zeroMQ) { stage in
                var mutator = Mutator(seed: 0xb17e5)
                let tcp = RawTCP()
                try await stage.whileCalling {
                    for _ in 0..<200 {
                        let connection = try await tcp.open(to: stage.endpoint, identity: nobody)
                        var bytes: [UInt8] = []
                        for _ in 0..<100 { bytes += mutator.stream() }
                        // libzmq ends the connection as soon as it finds an error.
                        try? await tcp.send(bytes, on: connection)
                        await tcp.close(connection)
                    }
                }
            }
        }
    }
}

/// Makes messages that are almost valid.
private struct Mutator {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private static let originals: [[[UInt8]]] = [
        frames(), frames(about: "echo.echo"), frames(about: "lymph.ping", body: [0x80]),
        frames(about: "lymph.inspect", body: [0x80]),
        frames(about: "echo.divide", body: [0x82, 0xa1, 0x61, 0x09, 0xa1, 0x62, 0x03]),
        frames(headers: [0x82] + Bad.string("trace_id") + Bad.string("0123") + Bad.string("version") + [0xc0]),
        frames(kind: "REP", about: "0123456789abcdef0123456789abcdef"), frames(kind: "NACK", about: "x", body: [0xc0]),
        frames(kind: "ERROR", about: "x", headers: [0x81] + Bad.string("version") + Bad.string("1.0.0"), body: [0x80]),
    ]

    /// A message with one to three changes.
    mutating func next() -> [[UInt8]] {
        var message = Self.originals.randomElement(using: &random) ?? frames()
        for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&message) }
        // ØMQ has no message without a frame.
        return message.isEmpty ? [[]] : message
    }

    /// A message as bytes, changed after its frames were joined.
    mutating func stream() -> [UInt8] {
        var bytes = ZMTP.message(Self.originals.randomElement(using: &random) ?? frames())
        for _ in 0..<Int.random(in: 0...2, using: &random) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ message: inout [[UInt8]]) {
        guard !message.isEmpty else { return }
        let index = Int.random(in: message.indices, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: message.remove(at: index)
        case 1: message.insert(message[index], at: index)
        case 2: message.swapAt(index, Int.random(in: message.indices, using: &random))
        case 3: message[index] = []
        default: mutate(&message[index])
        }
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes = [UInt8.random(in: 0...255, using: &random)] }
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = [0x00, 0x7f, 0x80, 0xc1, 0xdd, 0xff].randomElement(using: &random) ?? 0
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        default: bytes += bytes[index...]
        }
    }
}
