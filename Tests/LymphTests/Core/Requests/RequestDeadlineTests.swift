import Testing
import ZeroMQ

@testable import Lymph

@Suite("Deadlines of requests, and open reply channels")
struct RequestDeadlineTests {
    private let start = Instant.origin

    private func at(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    @Test("a request that has not begun at its deadline never does, and is refused")
    func queued() throws {
        let bench = RequestBench(.pollThread)
        bench.begin(1, timeout: 10)
        bench.begin(2)
        bench.begin(3, timeout: 20)
        #expect(bench.requests.nextDeadline == at(10))
        #expect(bench.expire(at: at(9)) == nil)
        let expired = try #require(bench.expire(at: at(10)))
        #expect(expired.id == .number(1))
        #expect(!expired.hasBegun && expired.worker == nil)
        #expect(bench.expire(at: at(10)) == nil)
        #expect(bench.requests.nextDeadline == at(20))
        bench.run()
        #expect(bench.handled == [2, 3])
        #expect(bench.answered == [2, 3])
        #expect(bench.requests.nextDeadline == nil)
        #expect(bench.requests.running == 0)
    }

    @Test("one whose worker has it already can't begin any more", arguments: [false, true])
    func handed(hasBegun: Bool) throws {
        let bench = RequestBench(.elsewhere)
        bench.begin(1, timeout: 10)
        let work = try #require(bench.busy.first?.work)
        if hasBegun { try work.begin() }
        let expired = try #require(bench.expire(at: at(10)))
        #expect(expired.hasBegun == hasBegun)
        #expect(expired.worker == 1)
        if !hasBegun { #expect(throws: Refusal.expired) { try work.begin() } }
        bench.run()
        #expect(bench.answered == [])
        #expect(bench.ended == [1])
        #expect(bench.requests.running == 0)
    }

    @Test("900 of 1000 requests expire in the queue: they are refused, 100 are executed")
    func many() {
        let bench = RequestBench(.pollThread, limit: 2000)
        for id in 1...1000 { bench.begin(id, timeout: id % 10 == 0 ? 1000 : 5) }
        var refused = 0
        while let expired = bench.expire(at: at(10)) {
            #expect(!expired.hasBegun)
            refused += 1
        }
        bench.run()
        #expect(refused == 900)
        #expect(bench.handled.count == 100 && bench.answered.count == 100)
        #expect(bench.requests.running == 0)
    }

    @Test("a cancelled request does not expire, an expired one isn't cancelled, and neither after its end")
    func once() throws {
        let bench = RequestBench(.pollThread)
        bench.begin(1, timeout: 10)
        bench.begin(2, timeout: 10)
        bench.begin(3, timeout: 10)
        bench.turn()
        bench.finish(1)
        #expect(bench.withdraw(2) != nil)
        #expect(bench.expire(at: at(10))?.id == .number(3))
        #expect(bench.expire(at: at(10)) == nil)
        #expect(bench.withdraw(3) == nil)
        bench.run()
        #expect(bench.answered == [1])
        #expect(bench.requests.nextDeadline == nil)
    }

    // MARK: Channels

    /// A method that has a reply channel.
    private func begin(_ bench: RequestBench, timeout: UInt32? = nil) throws -> Work {
        bench.begin(1, timeout: timeout)
        let work = try #require(bench.busy.first?.work)
        _ = work.answers
        return work
    }

    /// A method that has returned and kept its channel.
    private func keep(_ bench: RequestBench, timeout: UInt32? = nil) throws -> OpenChannel {
        let work = try begin(bench, timeout: timeout)
        let isWanted = bench.requests.finish(work, mayAnswerLater: true)
        #expect(isWanted)
        return try #require(work.channel)
    }

    @Test("a kept channel answers once the method has returned, and is forgotten then")
    func kept() throws {
        let bench = RequestBench(.elsewhere)
        let channel = try keep(bench, timeout: 10)
        #expect(bench.requests.running == 0 && bench.requests.openChannels == 1)
        let isFirst = bench.requests.answer(over: channel)
        #expect(isFirst)
        #expect(bench.requests.openChannels == 0 && bench.requests.nextDeadline == nil)
        // Every answer is sent, as in Python lymph.
        let isSecond = bench.requests.answer(over: channel)
        #expect(isSecond)
        #expect(bench.withdraw(1) == nil)
        // The slot is free.
        bench.begin(2)
        #expect(bench.requests.running == 1)
    }

    @Test("nothing is sent over a kept channel after the deadline, a cancellation or the end", arguments: 0...2)
    func abandoned(way: Int) throws {
        let bench = RequestBench(.elsewhere)
        let channel = try keep(bench, timeout: 10)
        #expect(!channel.isAbandoned)
        switch way {
        case 0:
            let expired = bench.expire(at: at(10))
            #expect(expired?.hasBegun == true && expired?.worker == nil)
        case 1: #expect(bench.withdraw(1)?.hasBegun == true)
        default: #expect(bench.requests.stop().unanswered.map(\.subject) == ["echo.upper"])
        }
        #expect(channel.isAbandoned)
        #expect(bench.requests.openChannels == 0)
        let isSent = bench.requests.answer(over: channel)
        #expect(!isSent)
    }

    @Test("a channel that has answered before its method returned isn't kept")
    func answered() throws {
        let bench = RequestBench(.elsewhere)
        let work = try begin(bench)
        let isSent = bench.requests.answer(over: try #require(work.channel))
        let isWanted = bench.requests.finish(work, mayAnswerLater: true)
        #expect(isSent && isWanted)
        #expect(bench.requests.openChannels == 0)
    }

    @Test("the channel of a running method is closed with its request")
    func running() throws {
        let bench = RequestBench(.elsewhere)
        let work = try begin(bench)
        #expect(bench.cancel(1) == 1)
        #expect(work.channel?.isAbandoned == true)
        let isWanted = bench.requests.finish(work, mayAnswerLater: true)
        #expect(!isWanted)
        #expect(bench.requests.openChannels == 0 && bench.requests.running == 0)
    }
}
