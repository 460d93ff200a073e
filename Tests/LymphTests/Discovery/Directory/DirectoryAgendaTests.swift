import Testing
import ZeroMQ

@testable import Lymph

/// What a directory registry schedules for later.
@Suite struct DirectoryAgendaTests {
    private let start = Instant.now

    @Test func looksAgainAtFilesForASecondOrSo() {
        var agenda = DirectoryAgenda()
        var now = start
        var pauses: [Duration] = []
        agenda.recheck(["a"], step: 0, now: now)
        while let next = agenda.next {
            pauses.append(next - now)
            #expect(agenda.takeDue(at: next + .microseconds(-1)) == [])
            now = next
            let items = agenda.takeDue(at: now)
            #expect(items == [.recheck(["a"], step: pauses.count - 1)])
            // Still alive each time.
            agenda.recheck(["a"], step: pauses.count, now: now)
        }
        #expect(pauses == [1, 5, 20, 100, 1000].map { .milliseconds($0) })
    }

    @Test func looksTwiceAtWhatWasAliveWhenTheWatchBegan() {
        var agenda = DirectoryAgenda()
        agenda.recheckLate(["a", "b"], now: start)
        #expect(agenda.next == start + .milliseconds(100))
        #expect(agenda.takeDue(at: start + .milliseconds(100)) == [.recheck(["a", "b"], step: 3)])
        agenda.recheckLate([], now: start)
        #expect(agenda.next == nil)
    }

    @Test func startsOverOnceForAllThatHappensMeanwhile() {
        var agenda = DirectoryAgenda()
        agenda.startOver(after: .seconds(2), now: start)
        #expect(agenda.isStartScheduled)
        // It comes later than it could, but it comes.
        agenda.startOverSoon(now: start)
        #expect(agenda.takeDue(at: start + .seconds(1)) == [])
        #expect(agenda.isStartScheduled)
        #expect(agenda.takeDue(at: start + .seconds(2)) == [.startOver])
        #expect(!agenda.isStartScheduled)
        agenda.startOverSoon(now: start + .seconds(2))
        #expect(agenda.next == start + .milliseconds(2100))
    }

    @Test func inspectsEveryTenSeconds() {
        var agenda = DirectoryAgenda()
        agenda.inspect(now: start)
        agenda.inspect(now: start + .seconds(3))
        agenda.recheck(["a"], step: 0, now: start)
        #expect(agenda.takeDue(at: start + .seconds(9)) == [.recheck(["a"], step: 0)])
        // One pending inspection is enough.
        agenda.inspect(now: start + .seconds(9))
        #expect(agenda.takeDue(at: start + .seconds(10)) == [.inspect])
        #expect(agenda.next == nil)
        agenda.inspect(now: start + .seconds(10))
        #expect(agenda.next == start + .seconds(20))
    }
}
