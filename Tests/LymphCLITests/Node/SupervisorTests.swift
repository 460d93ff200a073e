import Glibc
import Testing

@testable import LymphCLI

@Suite("What a node does with its processes")
struct SupervisorTests {
    private let one = ProcessID("echo", 1)
    private let two = ProcessID("echo", 2)
    private let start = ContinuousClock.now

    private func supervisor(_ ids: ProcessID...) -> Supervisor {
        var backoff = Backoff()
        backoff.jitter = 0
        return Supervisor(ids, grace: .seconds(10), backoff: backoff, now: start)
    }

    /// A supervisor whose processes run.
    private func running(_ ids: ProcessID...) -> Supervisor {
        var supervisor = supervisor(ids[0])
        if ids.count == 2 { supervisor = self.supervisor(ids[0], ids[1]) }
        #expect(supervisor.tick(start) == ids.map { .start($0) })
        for id in ids { #expect(supervisor.started(id, now: start) == []) }
        return supervisor
    }

    @Test("all processes are started at once, and only once")
    func starts() {
        var supervisor = supervisor(one, two)
        #expect(supervisor.nextDeadline == start)
        #expect(supervisor.tick(start) == [.start(one), .start(two)])
        #expect(supervisor.nextDeadline == nil)
        #expect(supervisor.tick(start + .seconds(1)) == [])
    }

    @Test("a process that ends is restarted, after a longer delay each time")
    func restarts() {
        var supervisor = running(one)
        var now = start
        for wait: Duration in [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)] {
            let text = "exited with status 1; starts again in \(Double(wait / .milliseconds(100)) / 10) s"
            #expect(supervisor.exited(one, .exited(1), now: now, random: 0) == [.tell(one, text)])
            #expect(supervisor.nextDeadline == now + wait)
            #expect(supervisor.tick(now + wait - .milliseconds(1)) == [])
            now += wait
            #expect(supervisor.tick(now) == [.start(one)])
            #expect(supervisor.started(one, now: now) == [])
        }
    }

    @Test("a process that ran for a while is restarted after the shortest delay")
    func resets() {
        var supervisor = running(one)
        _ = supervisor.exited(one, .exited(0), now: start, random: 0)
        _ = supervisor.tick(start + .seconds(1))
        _ = supervisor.started(one, now: start + .seconds(1))
        let end = start + .seconds(11)
        let told = supervisor.exited(one, .signalled(SIGSEGV), now: end, random: 0)
        #expect(told == [.tell(one, "was ended by SIGSEGV; starts again in 0.1 s")])
        #expect(supervisor.nextDeadline == end + .milliseconds(100))
    }

    @Test("SIGTERM goes to all; the node ends with the last of them")
    func drains() {
        var supervisor = running(one, two)
        #expect(supervisor.signalled(SIGTERM, now: start) == [.send(SIGTERM, to: one), .send(SIGTERM, to: two)])
        #expect(supervisor.nextDeadline == start + .seconds(10))
        #expect(supervisor.exited(one, .exited(0), now: start, random: 0) == [.tell(one, "exited with status 0")])
        #expect(
            supervisor.exited(two, .exited(0), now: start, random: 0)
                == [.tell(two, "exited with status 0"), .finish(.drained)])
    }

    @Test("processes that are left after the grace period are killed")
    func kills() {
        var supervisor = running(one, two)
        _ = supervisor.signalled(SIGINT, now: start)
        _ = supervisor.exited(one, .exited(0), now: start, random: 0)
        #expect(supervisor.tick(start + .seconds(9)) == [])
        #expect(supervisor.tick(start + .seconds(10)) == [.send(SIGKILL, to: two)])
        #expect(supervisor.nextDeadline == nil)
        #expect(supervisor.exited(two, .signalled(SIGKILL), now: start, random: 0).last == .finish(.killed))
    }

    @Test("a second signal kills, unless it is a repetition of the first")
    func forced() {
        var supervisor = running(one)
        _ = supervisor.signalled(SIGTERM, now: start)
        #expect(supervisor.signalled(SIGINT, now: start + .milliseconds(999)) == [])
        #expect(supervisor.signalled(SIGINT, now: start + .seconds(1)) == [.send(SIGKILL, to: one)])
        #expect(supervisor.exited(one, .signalled(SIGKILL), now: start, random: 0).last == .finish(.forced(SIGINT)))
    }

    @Test("other signals are passed on to running processes", arguments: [SIGHUP, SIGUSR1, SIGUSR2])
    func passesOn(number: Int32) {
        var supervisor = running(one, two)
        _ = supervisor.exited(one, .exited(0), now: start, random: 0)
        #expect(supervisor.signalled(number, now: start) == [.send(number, to: two)])
    }

    @Test("a process that waits to be started when the node ends is not started")
    func waiting() {
        var supervisor = running(one)
        _ = supervisor.exited(one, .exited(0), now: start, random: 0)
        #expect(supervisor.signalled(SIGTERM, now: start) == [.finish(.drained)])
        #expect(supervisor.tick(start + .seconds(20)) == [])
    }

    @Test("a process that is being started when the node ends gets SIGTERM")
    func starting() {
        var supervisor = supervisor(one)
        _ = supervisor.tick(start)
        #expect(supervisor.signalled(SIGTERM, now: start) == [])
        #expect(supervisor.started(one, now: start) == [.send(SIGTERM, to: one)])
    }

    @Test("a command that can't be started ends the node when it begins")
    func impossible() {
        var supervisor = supervisor(one, two)
        _ = supervisor.tick(start)
        _ = supervisor.started(one, now: start)
        let actions = supervisor.couldNotStart(two, because: "no such program", now: start, random: 0)
        #expect(actions == [.tell(two, "can't be started: no such program"), .send(SIGTERM, to: one)])
        #expect(supervisor.exited(one, .exited(0), now: start, random: 0).last == .finish(.failed))
    }

    @Test("a command that can't be started later on is tried again")
    func temporarilyImpossible() {
        var supervisor = running(one)
        _ = supervisor.exited(one, .exited(0), now: start, random: 0)
        _ = supervisor.tick(start + .seconds(1))
        let actions = supervisor.couldNotStart(one, because: "busy", now: start, random: 0)
        #expect(actions == [.tell(one, "can't be started: busy; starts again in 0.2 s")])
    }

    @Test("a node that can't continue drains, and its status says so")
    func fails() {
        var supervisor = running(one)
        #expect(supervisor.fail(now: start) == [.send(SIGTERM, to: one)])
        #expect(supervisor.fail(now: start) == [])
        #expect(supervisor.exited(one, .exited(0), now: start, random: 0).last == .finish(.failed))
    }
}

@Suite("The delay before a restart")
struct BackoffTests {
    @Test("doubles up to a maximum")
    func doubles() {
        let backoff = Backoff()
        #expect(backoff.delay(afterFailure: 1, random: 0.5) == .milliseconds(100))
        #expect(backoff.delay(afterFailure: 4, random: 0.5) == .milliseconds(800))
        #expect(backoff.delay(afterFailure: 9, random: 0.5) == .milliseconds(25_600))
        for failures in [10, 100, Int.max] {
            #expect(backoff.delay(afterFailure: failures, random: 0.5) == .seconds(30))
        }
    }

    @Test("varies randomly by a quarter")
    func jitter() {
        let backoff = Backoff()
        #expect(backoff.delay(afterFailure: 1, random: 0) == .milliseconds(75))
        #expect(backoff.delay(afterFailure: 1, random: 1) == .milliseconds(125))
        #expect(backoff.delay(afterFailure: 100, random: 1) == .milliseconds(37_500))
    }
}
