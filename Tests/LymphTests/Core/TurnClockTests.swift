import Testing
import ZeroMQ

@testable import Lymph

@Suite("The time within a turn")
struct TurnClockTests {
    @Test("is read again only after a handler has run")
    func turns() {
        let loop = PollThread(name: "clock")
        defer { loop.stop() }
        let noted = Instant.origin + .seconds(1)
        var clock = TurnClock()
        #expect(clock.now(on: loop) > noted)
        clock.note(noted)
        #expect(clock.now(on: loop) == noted)
        #expect(clock.now(on: loop) == noted)
        clock.passTime()
        let read = clock.now(on: loop)
        #expect(read > noted)
        #expect(clock.now(on: loop) == read)
    }
}
