import Testing
import ZeroMQ

@testable import Lymph

@Suite("Return paths", .timeLimit(.minutes(2)))
struct ReturnPathsTests {
    private let peer = Endpoint.number(1)
    private let other = Endpoint.number(2)

    /// Runs `body` with a router and peers that are connected to it.
    private func withBench(
        _ peers: [Endpoint], highWaterMark: Int32 = 1000, _ body: (RouterBench) throws -> Void
    ) throws {
        let bench = try RouterBench(highWaterMark: highWaterMark)
        defer { bench.end() }
        for peer in peers { try bench.connect(peer) }
        try body(bench)
    }

    /// Sends several messages, which are expected to be taken.
    private func send(_ ids: ClosedRange<UInt128>, to peer: Endpoint, _ bench: RouterBench) throws {
        for id in ids { #expect(try bench.send(id, to: peer) == .done, "\(id)") }
    }

    @Test("a peer that announced nothing gets each answer at once and in separate frames")
    func alone() throws {
        try withBench([peer]) { bench in
            try send(1...3, to: peer, bench)
            #expect(bench.unsent == 0)
            for id: UInt128 in 1...3 { #expect(try bench.next(peer) == .alone(id)) }
            #expect(bench.flush() == [])
        }
    }

    @Test("an answer whose frames can't be made is ended, and the next one is whole")
    func unfinished() throws {
        try withBench([peer]) { bench in
            #expect(throws: ZMQError.self) { try bench.sendWithoutMemory(to: peer) }
            try send(1...1, to: peer, bench)
            #expect(throws: WireError.packed("no message")) { try bench.next(peer) }
            #expect(try bench.next(peer) == .alone(1))
        }
    }

    @Test("a peer that reads packed frames gets its answers in one frame with the next flush")
    func packed() throws {
        try withBench([peer, other]) { bench in
            bench.note(true, of: peer)
            bench.note(true, of: other)
            try send(1...3, to: peer, bench)
            #expect(bench.unsent == 1)
            try send(4...5, to: other, bench)
            #expect(bench.unsent == 2)
            #expect(bench.flush() == [])
            #expect(bench.unsent == 0)
            #expect(try bench.next(peer) == .packed([1, 2, 3]))
            #expect(try bench.next(other) == .packed([4, 5]))
            // A second flush has nothing to send.
            #expect(bench.flush() == [])
            try send(6...6, to: peer, bench)
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([6]))
        }
    }

    @Test("a full frame is sent; the next may be larger, and after a flush frames are small again")
    func full() throws {
        try withBench([peer]) { bench in
            bench.note(true, of: peer)
            try send(1...25, to: peer, bench)
            #expect(try bench.next(peer) == .packed(Array(1...8)))
            #expect(try bench.next(peer) == .packed(Array(9...24)))
            #expect(bench.unsent == 1)
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([25]))
            try send(26...33, to: peer, bench)
            #expect(try bench.next(peer) == .packed(Array(26...33)))
            #expect(bench.flush() == [])
            #expect(bench.unsent == 0)
        }
    }

    @Test("a message that fits no packed frame is sent alone, after earlier ones")
    func unpackable() throws {
        try withBench([peer]) { bench in
            bench.note(true, of: peer)
            try send(1...2, to: peer, bench)
            #expect(try bench.send("3", to: peer) == .done)
            try send(4...4, to: peer, bench)
            #expect(try bench.send(5, to: peer, byteCount: PackedFrame.largestBody + 1) == .done)
            #expect(try bench.send(6, to: peer, byteCount: 100_000) == .done)
            try send(7...7, to: peer, bench)
            #expect(bench.flush() == [])
            #expect(bench.unsent == 0)
            for expected: RouterBench.Received in [
                .packed([1, 2]), .alone(3), .packed([4]), .alone(5), .alone(6), .packed([7]),
            ] {
                #expect(try bench.next(peer) == expected)
            }
        }
    }

    @Test("a peer's latest announcement counts")
    func changed() throws {
        try withBench([peer]) { bench in
            bench.note(false, of: peer)
            try send(1...1, to: peer, bench)
            bench.note(true, of: peer)
            try send(2...3, to: peer, bench)
            // Another process without packed frames may be there now; the kept messages were for the first.
            bench.note(false, of: peer)
            try send(4...4, to: peer, bench)
            bench.note(true, of: peer)
            try send(5...5, to: peer, bench)
            #expect(bench.flush() == [])
            for expected: RouterBench.Received in [.alone(1), .packed([2, 3]), .alone(4), .packed([5])] {
                #expect(try bench.next(peer) == expected)
            }
        }
    }

    @Test("no peer gets another's messages, however often a frame's memory is reused")
    func memory() throws {
        let peers = (1...20).map { Endpoint.number($0) }
        try withBench(peers) { bench in
            for peer in peers { bench.note(true, of: peer) }
            var random = SplitMix64(seed: 1)
            var id: UInt128 = 0
            for round in 0..<5 {
                var expected: [(Endpoint, [UInt128])] = []
                // Varying peers in a varying order.
                for peer in peers.shuffled(using: &random) where Bool.random(using: &random) || round == 0 {
                    try send(id + 1...id + 2, to: peer, bench)
                    expected.append((peer, [id + 1, id + 2]))
                    id += 2
                }
                #expect(bench.unsent == expected.count)
                #expect(bench.flush() == [])
                for (peer, ids) in expected { #expect(try bench.next(peer) == .packed(ids)) }
            }
        }
    }

    @Test("made-up names don't use up memory; messages kept for a forgotten peer are sent")
    func capacity() throws {
        try withBench([peer]) { bench in
            bench.note(true, of: peer)
            try send(1...2, to: peer, bench)
            for number in 10..<10 + 4096 { bench.note(true, of: .number(number)) }
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([1, 2]))
            try send(3...3, to: peer, bench)
            #expect(try bench.next(peer) == .alone(3))
            bench.note(true, of: peer)
            try send(4...4, to: peer, bench)
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([4]))
        }
    }

    // MARK: Peers that don't read

    @Test(
        "a peer that does not read blocks only its own route, and later gets all accepted messages",
        arguments: [true, false])
    func blocked(isPacked: Bool) throws {
        try withBench([peer, other], highWaterMark: 1) { bench in
            bench.note(isPacked, of: peer)
            bench.note(true, of: other)
            let taken = try fill(bench, isPacked)
            #expect(taken > 0)
            try send(1...3, to: other, bench)
            let told = bench.flush()
            #expect(told.isEmpty || told == [.blocked(peer)])
            #expect(try bench.next(other) == .packed([1, 2, 3]))

            var received: [UInt128] = []
            try bench.wait {
                while true {
                    switch try bench.receive(peer) {
                    case .alone(let id): received.append(id)
                    case .packed(let ids): received += ids
                    case .nothing:
                        let told = bench.flush()
                        #expect(told.isEmpty || told == [.blocked(peer)])
                        return received.count >= taken
                    }
                }
            }
            #expect(received == Array(0..<UInt128(taken)))
            #expect(bench.flush() == [])
            #expect(bench.unsent == 0)
        }
    }

    /// Sends until nothing more is accepted, with many attempts, because libzmq's thread may lag behind at first.
    ///
    /// - Returns: How many messages were accepted.
    private func fill(_ bench: RouterBench, _ isPacked: Bool) throws -> Int {
        var count: UInt128 = 0
        var attempts = 0
        while attempts < 1000 {
            attempts += 1
            while try bench.send(count, to: peer, byteCount: 8192) == .done {
                count += 1
                attempts = 0
                // Far more than the system buffers for a connection.
                try #require(count < 50_000)
            }
            #expect(bench.unsent == (isPacked ? 1 : 0))
            let told = bench.flush()
            try #require(told == (bench.unsent == 0 ? [] : [.blocked(peer)]))
        }
        return Int(count)
    }

    // MARK: Peers that are gone

    @Test("answers to an unknown peer fail at once, or each of them with the flush")
    func unknown() throws {
        let gone = Endpoint.number(9)
        try withBench([peer]) { bench in
            #expect(throws: ZMQError.self) { try bench.send(1, to: gone) }
            bench.note(true, of: gone)
            bench.note(true, of: peer)
            try send(1...3, to: gone, bench)
            try send(4...5, to: peer, bench)
            #expect(bench.unsent == 2)
            #expect(bench.flush() == (1...3).map { .undeliverable($0, .back(gone), .notConnected) })
            #expect(bench.unsent == 0)
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([4, 5]))
            // A message that can't be packed fails, and so do those before it, without being lost silently.
            try send(6...6, to: gone, bench)
            #expect(throws: ZMQError.self) { try bench.send("7", to: gone) }
            #expect(bench.flush() == [.undeliverable(6, .back(gone), .notConnected)])
        }
    }

    @Test("an answer that fills the frame of a peer that is gone fails once, like those before it")
    func fullFrame() throws {
        let gone = Endpoint.number(9)
        try withBench([]) { bench in
            bench.note(true, of: gone)
            var failed: [UInt128] = []
            for id: UInt128 in 1...8 {
                do { _ = try bench.send(id, to: gone) } catch { failed.append(id) }
            }
            for case .undeliverable(let id, _, _) in bench.flush() { failed.append(id) }
            #expect(Set(failed) == Set(1...8))
            #expect(failed.count == 8)
        }
    }

    @Test("a peer that leaves is noticed, and its successor gets none of its messages")
    func left() throws {
        try withBench([peer]) { bench in
            bench.note(true, of: peer)
            try send(1...2, to: peer, bench)
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([1, 2]))
            bench.disconnect(peer)
            // Until that is noticed, messages go to the old connection.
            var id: UInt128 = 2
            try bench.wait {
                id += 1
                let attempt = try bench.send(id, to: peer)
                #expect(attempt == .done)
                let told = bench.flush()
                #expect(told.isEmpty || told == [.undeliverable(id, .back(peer), .notConnected)])
                return !told.isEmpty
            }
            try bench.connect(peer)
            bench.note(true, of: peer)
            try send(1000...1001, to: peer, bench)
            #expect(bench.flush() == [])
            #expect(try bench.next(peer) == .packed([1000, 1001]))
        }
    }
}
