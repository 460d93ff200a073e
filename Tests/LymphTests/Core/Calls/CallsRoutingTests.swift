import Testing

@testable import Lymph

@Suite("Where calls go")
struct CallsRoutingTests {
    private static func peers(_ numbers: Int...) -> [Endpoint] { numbers.map { .number($0) } }

    // MARK: Which instance is chosen

    @Test("a connected instance gets the call, while a new one is introduced")
    func introduced() {
        let bench = CallBench()
        bench.list(1, 2)
        bench.connect(1)
        for _ in 0..<20 {
            let call = bench.begin()
            #expect(bench.peers(of: call) == Self.peers(1))
            #expect(bench.answer(call, from: 1) == "end")
        }
        #expect(bench.notices == [.introduce(.number(2))])
        // Once connected, it gets its share.
        bench.connect(2)
        let calls = (0..<20).map { _ in bench.begin() }
        #expect(Set(calls.flatMap { bench.peers(of: $0) }) == Set(Self.peers(1, 2)))
        #expect(bench.outstanding(1) == 10 && bench.outstanding(2) == 10)
    }

    @Test("a call waits for a new instance rather than use one that sits out")
    func sittingOut() {
        let bench = CallBench()
        bench.list(1)
        bench.connect(1)
        let first = bench.begin()
        #expect(bench.answer(first, .overloaded, from: 1) == "end")
        #expect(bench.end(of: first) == "nack")
        bench.list(1, 2)
        let second = bench.begin()
        #expect(bench.waits(of: second) == Self.peers(2))
        bench.advance(to: 0.05)
        #expect(bench.next() == Self.peers(1))
    }

    @Test("an instance that is silent or sits out is better than none", arguments: [true, false])
    func nobodyBetter(isSilent: Bool) {
        let bench = CallBench()
        bench.list(1, 2)
        bench.connect(1, 2)
        for number in 1...2 where isSilent { bench.ping(number) }
        if isSilent {
            bench.advance(to: 3)
        } else {
            let call = bench.begin()
            for peer in bench.peers(of: call) { bench.answer(call.id, .overloaded, from: peer) }
            for peer in bench.peers(of: call).suffix(1) { bench.answer(call.id, .overloaded, from: peer) }
            #expect(bench.end(of: call) == "nack")
        }
        let call = bench.begin()
        #expect(bench.peers(of: call).count == 1)
        // A recovered one gets all calls.
        bench.list(1, 2, 3)
        bench.connect(3)
        for _ in 0..<20 { #expect(bench.next() == Self.peers(3)) }
    }

    @Test("an unreachable instance comes last, and only if it may come back or the call can wait")
    func outOfReach() {
        let bench = CallBench()
        bench.list(1)
        bench.connect(1)
        bench.disconnect(1)
        bench.advance(to: 0.9)
        let early = bench.begin()
        #expect(bench.waits(of: early) == Self.peers(1))
        bench.advance(to: 1)
        let late = bench.begin()
        #expect(bench.error(of: late) == LymphError(.notConnected, "echo.upper: none of 1 instances can be reached"))
        let patient = bench.begin(waits: true)
        #expect(bench.waits(of: patient) == Self.peers(1))
        bench.list(1, 2)
        bench.connect(2)
        for _ in 0..<20 { #expect(bench.next() == Self.peers(2)) }
        // It comes back.
        bench.connect(1)
        #expect(bench.peers(of: patient).count == 1)
    }

    @Test("a call goes to a compatible version, and names the one that was found")
    func versions() throws {
        let bench = CallBench()
        bench.list([.number(1, "1.5.0"), .number(2, "2.0.0"), .number(3)])
        bench.connect(1, 2, 3)
        for _ in 0..<10 { #expect(bench.next(.service("echo", "1.0.0")) == Self.peers(1)) }
        #expect(try bench.requests.allSatisfy { try $0.version == "1.5.0" })
        let call = bench.begin(.service("echo", "1.6.0"))
        #expect(bench.error(of: call)?.code == .notConnected)
        #expect(bench.error(of: call)?.message.contains("there are 1.5.0, 2.0.0, instances without a version") == true)
    }

    @Test("it is noted once that the version that answers is a matter of chance")
    func mixed() {
        let bench = CallBench()
        bench.list([.number(1, "1.5.0"), .number(2, "2.0.0"), .number(3)])
        bench.connect(1, 2, 3)
        _ = bench.begin(.service("echo", "1.0.0"))
        #expect(bench.notices == [])
        for _ in 0..<5 { _ = bench.begin() }
        #expect(bench.notices == [.mixedVersions("echo", ["1.5.0", "2.0.0", "none"])])
        let newest = CallBench(.powerOfTwoChoices, .newest)
        newest.list([.number(1, "1.5.0"), .number(2, "2.0.0"), .number(3)])
        newest.connect(1, 2, 3)
        for _ in 0..<10 { #expect(newest.next() == Self.peers(2)) }
        #expect(newest.notices == [])
    }

    // MARK: Which instance is tried

    @Test("a blocked call tries the next connected instance, then waits at its first choice")
    func tried() {
        var firsts: Set<Endpoint> = []
        for seed in UInt64(0)..<40 {
            let bench = CallBench(seed: seed)
            bench.list(1, 2, 3)
            bench.connect(1, 2)
            for number in 1...2 { bench.clog(number) }
            let call = bench.begin()
            #expect(bench.attempts.count == 3)
            #expect(Set(bench.attempts.prefix(2)) == Set(Self.peers(1, 2)))
            let last = bench.attempts.last ?? .number(0)
            #expect(bench.waits(of: call) == [last])
            #expect(bench.peers(of: call) == [])
            firsts.insert(last)
            #expect(bench.notices == (last == .number(3) ? [.introduce(.number(3))] : []))
        }
        #expect(firsts == Set(Self.peers(1, 2, 3)))
    }

    @Test("a blocked call that may go to no other peer waits there", arguments: [true, false])
    func endpoint(waits: Bool) {
        let bench = CallBench()
        let call = bench.begin(.endpoint(.number(1)), waits: waits)
        #expect(bench.attempts == Self.peers(1))
        #expect(bench.waits(of: call) == Self.peers(1))
        bench.advance(to: 1)
        #expect(bench.end(of: call) == (waits ? nil : "notConnected"))
        let late = bench.begin(.endpoint(.number(1)), waits: waits)
        #expect(bench.end(of: late) == (waits ? nil : "notConnected"))
        bench.connect(1)
        #expect(bench.peers(of: late) == (waits ? Self.peers(1) : []))
    }

    @Test("no call overtakes a waiting one, and all are sent in order")
    func inOrder() {
        let bench = CallBench()
        let first = bench.begin(.endpoint(.number(1)))
        let second = bench.begin(.endpoint(.number(1)))
        #expect(bench.waits(of: first) == Self.peers(1) && bench.waits(of: second) == Self.peers(1))
        bench.connect(1)
        #expect(bench.sent.map(\.id) == [first.id, second.id])
        #expect(bench.outstanding(1) == 2)
        let third = bench.begin(.endpoint(.number(1)))
        #expect(bench.waits(of: third) == [])
        #expect(bench.peers(of: third) == Self.peers(1))
    }

    @Test("an answer that waits for the same connection is sent first")
    func behindAnswers() {
        let bench = CallBench()
        bench.list(1, 2)
        bench.connect(1)
        bench.waitBehind(.answer(to: 7), at: 1)
        let call = bench.begin(.endpoint(.number(1)))
        #expect(bench.waits(of: call) == Self.peers(1))
        #expect(bench.outstanding(1) == 0)
        // Another instance is better.
        bench.connect(2)
        for _ in 0..<5 { #expect(bench.next() == Self.peers(2)) }
        bench.connect(1)
        #expect(bench.peers(of: call) == Self.peers(1))
    }

    @Test("a call that can't be sent at all ends at once")
    func impossible() {
        let bench = CallBench()
        bench.impossible = [.number(1)]
        let call = bench.begin(.endpoint(.number(1)))
        #expect(bench.error(of: call) == LymphError(.invalidRequest, "impossible"))
        #expect(bench.isClean())
    }

    // MARK: Waiting for an instance that does not come

    @Test("a waiting call goes to another peer when its own is unreachable, and leaves nothing there")
    func goneWhileWaiting() {
        let bench = CallBench()
        bench.list(1)
        let call = bench.begin()
        #expect(bench.waits(of: call) == Self.peers(1))
        bench.list(1, 2)
        bench.connect(2)
        bench.advance(to: 0.09)
        #expect(bench.peers(of: call) == [])
        bench.advance(to: 0.2)
        #expect(bench.peers(of: call) == Self.peers(2))
        #expect(bench.peers.isFree(.dial(.number(1))) == true)
        #expect(bench.answer(call, from: 2) == "end")
        #expect(bench.isClean())
    }

    @Test("a waiting call goes to another peer when its own falls silent")
    func silentWhileWaiting() {
        let bench = CallBench()
        bench.list(1)
        bench.connect(1)
        bench.waitBehind(.answer(to: 7), at: 1)
        let call = bench.begin()
        #expect(bench.waits(of: call) == Self.peers(1))
        bench.ping(1)
        bench.list(1, 2)
        bench.connect(2)
        bench.advance(to: 2.9)
        #expect(bench.peers(of: call) == [])
        bench.advance(to: 3.6)
        #expect(bench.peers(of: call) == Self.peers(2))
        // The answer stays.
        #expect(bench.peers.firstWaiting(for: .dial(.number(1)))?.kind == .reply)
    }

    @Test("without another instance it waits for a second, or for as long as it may", arguments: [true, false])
    func nobodyElse(waits: Bool) {
        let bench = CallBench()
        bench.list(1)
        let call = bench.begin(timeout: 5, waits: waits)
        bench.advance(to: 0.9)
        #expect(bench.end(of: call) == nil)
        bench.advance(to: 1.6)
        #expect(bench.end(of: call) == (waits ? nil : "notConnected"))
        #expect(bench.error(of: call)?.execution != .unknown)
        bench.advance(to: 4.9)
        #expect(bench.end(of: call) == (waits ? nil : "notConnected"))
        bench.advance(to: 5)
        #expect(bench.error(of: call)?.code == .notConnected)
        #expect(bench.isClean())
    }

    @Test("a call that waits while no instance can be reached goes to the first that can")
    func movesAbout() {
        let bench = CallBench()
        bench.list(1, 2, 3)
        let calls = (0..<20).map { _ in bench.begin(waits: true) }
        bench.advance(to: 10)
        #expect(calls.allSatisfy { bench.peers(of: $0) == [] })
        bench.advance(to: 10.01)
        bench.connect(3)
        bench.advance(to: 10.01)
        #expect(calls.allSatisfy { bench.peers(of: $0) == Self.peers(3) })
        #expect(bench.outstanding(3) == 20)
        for number in 1...3 { #expect(bench.peers.isFree(.dial(.number(number))) == true) }
    }

    @Test("a call that waits for a lost instance is seldom looked at, and tries a new one at once")
    func waitsForLost() {
        let bench = CallBench()
        bench.list(1)
        let call = bench.begin(waits: true)
        bench.advance(to: 10.01)
        #expect(bench.waits(of: call).count < 25)
        bench.list(1, 2)
        bench.advance(to: 10.01)
        #expect(bench.waits(of: call).last == .number(2))
        bench.connect(2)
        #expect(bench.peers(of: call) == Self.peers(2))
    }
}
