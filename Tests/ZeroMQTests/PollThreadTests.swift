import Glibc
import Testing

@testable import ZeroMQ

/// An actor that runs on its own thread.
private actor Counter {
    nonisolated let thread: PollThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private(set) var count = 0
    private(set) var threads: Set<pthread_t> = []

    init(_ thread: PollThread) { self.thread = thread }

    func add() {
        count += 1
        threads.insert(pthread_self())
    }

    nonisolated func addLater() {
        thread.execute { self.assumeIsolated { $0.add() } }
    }
}

/// A value that is only touched on one thread, which the compiler can't know.
private final class Confined<Value>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }
}

@Suite("Poll thread", .timeLimit(.minutes(1)))
struct PollThreadTests {
    /// Runs `body` on a thread, and waits for it.
    private func run<R: Sendable>(on thread: PollThread, _ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in thread.execute { continuation.resume(returning: body()) } }
    }

    @Test("jobs run in order, on one thread with the given name")
    func order() async {
        let thread = PollThread(name: "test order")
        defer { thread.stop() }
        let seen = Confined<(numbers: [Int], threads: Set<pthread_t>)>(([], []))
        for number in 0..<1000 {
            thread.execute {
                seen.value.numbers.append(number)
                seen.value.threads.insert(pthread_self())
            }
        }
        let (numbers, threads, name) = await run(on: thread) {
            var name = [UInt8](repeating: 0, count: 64)
            let file = open("/proc/thread-self/comm", O_RDONLY)
            let count = max(0, read(file, &name, name.count))
            close(file)
            return (seen.value.numbers, seen.value.threads, String(decoding: name.prefix(count), as: UTF8.self))
        }
        #expect(numbers == Array(0..<1000))
        #expect(threads.count == 1)
        #expect(name == "test order\n")
    }

    @Test("an actor's methods run on the thread, whoever calls them")
    func actor() async {
        let counter = Counter(PollThread(name: "test actor"))
        defer { counter.thread.stop() }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        await counter.add()
                        counter.addLater()
                    }
                }
            }
        }
        await counter.add()
        #expect(await counter.count == 4001)
        #expect(await counter.threads.count == 1)
        #expect(await run(on: counter.thread) { pthread_self() } == counter.threads.first)
    }

    @Test("code can tell whether it runs on the thread")
    func isCurrent() async {
        let (thread, other) = (PollThread(name: "test a"), PollThread(name: "test b"))
        defer {
            thread.stop()
            other.stop()
        }
        #expect(!thread.isCurrent)
        #expect(await run(on: thread) { thread.isCurrent && thread.isIsolatingCurrentContext() == true })
        #expect(await run(on: other) { !thread.isCurrent && thread.isIsolatingCurrentContext() == false })
        #expect(!thread.isCurrent)
    }

    @Test("a task that prefers the thread runs there, even after suspensions")
    func taskExecutor() async {
        let thread = PollThread(name: "test task")
        defer { thread.stop() }
        let isThere: Bool = await Task(executorPreference: thread.taskExecutor()) {
            var isThere = thread.isCurrent
            for _ in 0..<100 {
                await Task.yield()
                isThere = isThere && thread.isCurrent
            }
            return isThere
        }.value
        #expect(isThere)
    }

    @Test("a thread that sleeps is woken by every job")
    func wakeUp() async {
        let thread = PollThread(name: "test wake-up")
        defer { thread.stop() }
        for number in 0..<2000 { #expect(await run(on: thread) { number } == number) }
    }

    @Test("a job queued by a job runs, at any depth")
    func nested() async {
        let thread = PollThread(name: "test nested")
        defer { thread.stop() }
        let depth: Int = await withCheckedContinuation { continuation in
            @Sendable func step(_ depth: Int) {
                if depth == 1000 { return continuation.resume(returning: depth) }
                thread.execute { step(depth + 1) }
            }
            thread.execute { step(0) }
        }
        #expect(depth == 1000)
    }

    @Test("100 000 jobs of many tasks all run")
    func manyJobs() async {
        let thread = PollThread(name: "test many")
        defer { thread.stop() }
        let counts = Confined([Int](repeating: 0, count: 8))
        let isOrdered = Confined(true)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<12_500 {
                        thread.execute {
                            // Those of one task run in order.
                            if counts.value[task] != number { isOrdered.value = false }
                            counts.value[task] += 1
                        }
                    }
                }
            }
        }
        #expect(await run(on: thread) { counts.value } == [Int](repeating: 12_500, count: 8))
        #expect(await run(on: thread) { isOrdered.value })
    }

    @Test("a deadline fires on time, and only once")
    func deadline() async {
        let thread = PollThread(name: "test deadline")
        defer { thread.stop() }
        let fired = Confined(0)
        for milliseconds in [0, 1, 20] {
            let late: Duration = await withCheckedContinuation { continuation in
                thread.execute {
                    let deadline = Instant.now + .milliseconds(milliseconds)
                    thread.deadline = deadline
                    thread.onDeadline = {
                        fired.value += 1
                        thread.deadline = nil
                        continuation.resume(returning: .now - deadline)
                    }
                }
                // Other wake-ups don't make it fire earlier.
                for _ in 0..<20 { thread.execute {} }
            }
            #expect(late >= .zero)
        }
        for _ in 0..<10 { await run(on: thread) {} }
        #expect(await run(on: thread) { fired.value } == 3)
        await run(on: thread) { thread.onDeadline = nil }
    }

    @Test("a deadline that is not replaced fires once, with or without a handler")
    func forgottenDeadline() async {
        let thread = PollThread(name: "test forgotten")
        defer { thread.stop() }
        let fired = Confined(0)
        await run(on: thread) { thread.deadline = .now }
        for _ in 0..<3 { await run(on: thread) {} }
        #expect(await run(on: thread) { thread.deadline } == nil)
        await run(on: thread) {
            thread.onDeadline = { fired.value += 1 }
            thread.deadline = .now
        }
        for _ in 0..<100 { await run(on: thread) {} }
        #expect(await run(on: thread) { fired.value } == 1)
        await run(on: thread) { thread.onDeadline = nil }
    }

    @Test("a job can set a deadline while the thread waits for a later one")
    func earlierDeadline() async {
        let thread = PollThread(name: "test earlier")
        defer { thread.stop() }
        await run(on: thread) { thread.deadline = .now + .seconds(3600) }
        let start = ContinuousClock.now
        await withCheckedContinuation { continuation in
            thread.execute {
                thread.deadline = .now + .milliseconds(5)
                thread.onDeadline = {
                    thread.deadline = nil
                    thread.onDeadline = nil
                    continuation.resume()
                }
            }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("jobs are not delayed by deadlines, nor deadlines by jobs")
    func both() async {
        let thread = PollThread(name: "test both")
        defer { thread.stop() }
        let fired = Confined(0)
        await run(on: thread) {
            thread.deadline = .now
            thread.onDeadline = {
                fired.value += 1
                thread.deadline = .now + .microseconds(100)
            }
        }
        for number in 0..<1000 { #expect(await run(on: thread) { number } == number) }
        let before = await run(on: thread) { fired.value }
        #expect(before > 0)
        let end = ContinuousClock.now + .seconds(20)
        while await run(on: thread, { fired.value }) < before + 10, ContinuousClock.now < end {}
        #expect(await run(on: thread) { fired.value } >= before + 10)
        await run(on: thread) {
            thread.deadline = nil
            thread.onDeadline = nil
        }
    }
}
