import Lymph
import Testing
import ZeroMQ

@testable import LymphTesting

@Suite("The scheduler's time and faults", .timeLimit(.minutes(1)))
struct AgendaTests {
    private let scheduler = ManualScheduler(seed: 5)
    private let seen = Lock<[String]>([])

    private func note(_ name: String) -> @Sendable () -> Void {
        let seen = seen
        return { seen.withLock { $0.append(name) } }
    }

    private func taken() -> [String] {
        seen.withLock { seen in
            defer { seen = [] }
            return seen
        }
    }

    @Test("what is scheduled for one time runs in order, and not earlier")
    func scheduled() {
        let loop = scheduler.makeLoop()
        for (name, time) in [("b", 2), ("a", 1), ("c", 2)] {
            scheduler.schedule(after: .seconds(time), on: loop, note(name))
        }
        #expect(scheduler.nextDeadline == .origin + .seconds(1))
        scheduler.advance(by: .seconds(1))
        #expect(taken() == ["a"])
        scheduler.advance(by: .seconds(1))
        #expect(taken() == ["b", "c"])
        #expect(scheduler.nextDeadline == nil)
    }

    @Test("nothing of a frozen node runs, and everything of others")
    func frozen() {
        let (frozen, other) = (scheduler.makeLoop(), scheduler.makeLoop())
        scheduler.freeze(frozen, for: .seconds(5))
        frozen.execute(note("frozen"))
        other.execute(note("other"))
        frozen.deadline = .origin + .seconds(1)
        frozen.onDeadline = note("deadline")
        scheduler.advance(by: .seconds(4))
        #expect(taken() == ["other"])
        scheduler.advance(by: .seconds(1))
        #expect(Set(taken()) == ["frozen", "deadline"])
        #expect(scheduler.lateness == .seconds(5))
        scheduler.freeze(frozen, for: .seconds(5))
        frozen.execute(note("again"))
        scheduler.run()
        #expect(taken() == [])
        scheduler.thaw(frozen)
        scheduler.run()
        #expect(taken() == ["again"])
    }

    @Test("after a jump everything that has become due is late")
    func jump() {
        let loop = scheduler.makeLoop()
        scheduler.schedule(after: .seconds(1), on: loop, note("late"))
        scheduler.jump(by: .seconds(10))
        #expect(scheduler.now == .origin + .seconds(10))
        #expect(taken() == [])
        #expect(scheduler.step(until: scheduler.now))
        #expect(taken() == ["late"])
        #expect(!scheduler.step(until: scheduler.now + .seconds(100)))
    }

    @Test("the digest tells courses apart")
    func digest() {
        func digest(_ count: Int) -> UInt64 {
            let scheduler = ManualScheduler(seed: 1)
            let loops = (0..<3).map { _ in scheduler.makeLoop() }
            for number in 0..<count { loops[number % 3].execute {} }
            scheduler.run()
            return scheduler.digest
        }
        #expect(digest(5) == digest(5))
        #expect(digest(5) != digest(6))
    }

    @Test("a strict scheduler counts what other threads add")
    func stray() async {
        let scheduler = ManualScheduler(isStrict: true)
        let loop = scheduler.makeLoop()
        loop.execute {}
        #expect(scheduler.strayTurns == 0)
        await withCheckedContinuation { continuation in
            let thread = EventThread(name: "other")
            thread.execute {
                loop.execute {}
                continuation.resume()
            }
            thread.stop()
        }
        #expect(scheduler.strayTurns == 1)
    }

    @Test("a task can drive it: the time advances to what is awaited, and only then")
    func driven() async {
        let scheduler = ManualScheduler()
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: globalConcurrentExecutor) { await scheduler.drive() }
            let slept = Lock(false)
            group.addTask(executorPreference: scheduler.executor) {
                try? await scheduler.sleep(for: .seconds(3600))
                slept.withLock { $0 = true }
            }
            await scheduler.elapse(.seconds(3599))
            #expect(!slept.withLock { $0 })
            await scheduler.elapse(.seconds(1))
            #expect(slept.withLock { $0 })
            scheduler.isAutomatic = true
            // The driver waits, and learns of each.
            for _ in 0..<100 { try? await scheduler.sleep(for: .seconds(864)) }
            #expect(scheduler.now >= .origin + .seconds(90_000))
            group.cancelAll()
        }
    }
}
