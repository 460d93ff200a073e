import Testing
import ZeroMQ

@testable import Lymph

@Suite("Absent callers")
struct AbsentCallersTests {
    private let a = Endpoint.number(1)
    private let b = Endpoint.number(2)
    private let begin = Instant.now
    private var callers = AbsentCallers()

    private var limit: Duration { AbsentCallers.patience }

    @Test("nobody is absent at first")
    mutating func nobody() {
        #expect(callers.isEmpty)
        #expect(callers.nextDeadline == nil)
        #expect(callers.takeDeparted(at: begin + .seconds(100)) == [])
    }

    @Test("a caller that stays away is given up once, when its time is over")
    mutating func away() {
        callers.leave(a, at: begin)
        #expect(callers.nextDeadline == begin + limit)
        #expect(callers.takeDeparted(at: begin + (limit - .nanoseconds(1))) == [])
        #expect(callers.takeDeparted(at: begin + limit) == [a])
        #expect(callers.isEmpty)
        #expect(callers.nextDeadline == nil)
        #expect(callers.takeDeparted(at: begin + limit * 2) == [])
    }

    @Test("a caller that is back in three seconds, and heard with its next ping, is not given up")
    mutating func back() {
        #expect(limit >= .seconds(3) + Health.pingInterval)
        callers.leave(a, at: begin)
        callers.hear(a)
        #expect(callers.isEmpty)
        #expect(callers.nextDeadline == nil)
        // The time of the next absence counts from its own beginning.
        callers.leave(a, at: begin + .seconds(2))
        #expect(callers.takeDeparted(at: begin + limit) == [])
        #expect(callers.takeDeparted(at: begin + .seconds(2) + limit) == [a])
    }

    @Test("a second loss without a message in between does not prolong an absence")
    mutating func twice() {
        callers.leave(a, at: begin)
        callers.leave(a, at: begin + .seconds(2))
        #expect(callers.takeDeparted(at: begin + limit) == [a])
        #expect(callers.isEmpty)
    }

    @Test("each caller has its own time; those that are due together come in order")
    mutating func several() {
        callers.leave(b, at: begin)
        callers.leave(.number(3), at: begin + .seconds(1))
        callers.leave(a, at: begin)
        callers.hear(.number(9))
        #expect(callers.takeDeparted(at: begin + limit) == [a, b])
        #expect(callers.nextDeadline == begin + .seconds(1) + limit)
        #expect(callers.takeDeparted(at: begin + .seconds(1) + limit) == [.number(3)])
    }

    @Test("the deadline of a caller that is back may pass without an effect")
    mutating func early() {
        callers.leave(a, at: begin)
        callers.leave(b, at: begin + .seconds(1))
        callers.hear(a)
        #expect(callers.takeDeparted(at: begin + limit) == [])
        #expect(callers.nextDeadline == begin + .seconds(1) + limit)
    }

    @Test("names that callers make up don't use up memory")
    mutating func many() {
        for number in 1...5000 { callers.leave(.number(number), at: begin) }
        #expect(callers.takeDeparted(at: begin + limit).count == 4096)
        #expect(callers.isEmpty)
    }
}
