import Glibc
import Synchronization
import Testing

@testable import ZeroMQ

@Suite("End and signals of the poll thread", .timeLimit(.minutes(1)))
struct PollThreadEndingTests {
    /// Reports its deallocation.
    private final class Witness: Sendable {
        let onEnd: @Sendable () -> Void
        init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
        deinit { onEnd() }
    }

    private func run<R: Sendable>(on thread: PollThread, _ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in thread.execute { continuation.resume(returning: body()) } }
    }

    @Test("stop ends the thread, which releases everything", arguments: [false, true])
    func stop(isAsleep: Bool) async {
        await withCheckedContinuation { continuation in
            let thread = PollThread(name: "test stop")
            let witness = Witness { continuation.resume() }
            // The thread itself holds the PollThread, which is released when the thread ends.
            thread.onDeadline = { withExtendedLifetime(witness) {} }
            thread.deadline = .now + .seconds(3600)
            if isAsleep {
                thread.execute {}
                thread.execute { thread.execute { thread.stop() } }
            } else {
                thread.execute {}
                thread.stop()
            }
        }
    }

    @Test("jobs queued before the end still run")
    func lastJobs() async {
        let ran = Lock(0)
        await withCheckedContinuation { continuation in
            let thread = PollThread(name: "test last jobs")
            let witness = Witness { continuation.resume() }
            thread.onDeadline = { withExtendedLifetime(witness) {} }
            for _ in 0..<1000 {
                thread.execute {
                    // And so do those that the last jobs queue.
                    thread.execute { ran.withLock { $0 += 1 } }
                }
            }
            thread.stop()
        }
        #expect(ran.withLock { $0 } == 1000)
    }

    @Test("a thread without a job never starts, and is released")
    func neverStarted() async {
        var thread: PollThread? = PollThread(name: "test nothing")
        let other = PollThread(name: "test something")
        await run(on: other) {}
        // A thread that was started earlier would have its name by now.
        #expect(threadCount(named: "test something") == 1)
        #expect(threadCount(named: "test nothing") == 0)
        other.stop()
        await withCheckedContinuation { continuation in
            let witness = Witness { continuation.resume() }
            thread?.onDeadline = { withExtendedLifetime(witness) {} }
            thread?.stop()
            thread = nil
        }
    }

    @Test("threads can be started and stopped repeatedly")
    func many() async {
        for number in 0..<100 {
            let thread = PollThread(name: "test \(number)")
            #expect(await run(on: thread) { number } == number)
            thread.stop()
        }
    }

    @Test("every signal is left to the application's threads")
    func mask() async {
        let thread = PollThread(name: "test mask")
        defer { thread.stop() }
        let open = await run(on: thread) {
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            // These two can't be blocked.
            return (1..<32).filter { $0 != SIGKILL && $0 != SIGSTOP && sigismember(&mask, $0) == 0 }
        }
        #expect(open == [])
    }

    @Test("starting a thread does not change the starter's signal mask")
    func callersMask() {
        var before = sigset_t()
        var mask = sigset_t()
        var after = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGUSR1)
        pthread_sigmask(SIG_SETMASK, &mask, &before)
        let thread = PollThread(name: "test caller")
        thread.execute {}
        thread.stop()
        pthread_sigmask(SIG_SETMASK, &before, &after)
        #expect((1..<32).filter { sigismember(&after, $0) == 1 } == [SIGUSR1])
    }

    @Test("a storm of signals disturbs neither jobs nor sockets nor deadlines")
    func storm() async throws {
        Storm.begin()
        defer { Storm.end() }
        let thread = PollThread(name: "test storm")
        defer { thread.stop() }
        let start = ContinuousClock.now
        var rounds = 0
        // Long enough for a storm; it is measured in processor time.
        while Storm.signals.load(ordering: .relaxed) < 20 || ContinuousClock.now - start < .milliseconds(100) {
            guard ContinuousClock.now - start < .seconds(20) else { break }
            rounds += 1
            for number in 0..<50 { #expect(await run(on: thread) { number } == number) }
            let late: Duration = await withCheckedContinuation { continuation in
                thread.execute {
                    let deadline = Instant.now + .milliseconds(2)
                    thread.deadline = deadline
                    thread.onDeadline = {
                        thread.deadline = nil
                        thread.onDeadline = nil
                        continuation.resume(returning: .now - deadline)
                    }
                }
            }
            #expect(late >= .zero)
            try exchange()
        }
        #expect(rounds > 0)
        #expect(Storm.signals.load(ordering: .relaxed) >= 20)
    }

    /// Sends messages over the loopback interface on this thread, which receives the signals.
    private func exchange() throws {
        let context = try Context()
        let (a, b) = (try Socket(.router, in: context), try Socket(.dealer, in: context))
        defer {
            a.close()
            b.close()
            context.terminate()
        }
        try a.bind("tcp://127.0.0.1:*")
        try b.connect(try a.get(.lastEndpoint))
        for number in 0..<20 {
            var message = try Message(adopting: [UInt8(number)])
            #expect(try b.send(&message, more: false) == .done)
        }
        let wakeup = Wakeup()
        let pollSet = PollSet(wakeup: wakeup.descriptor)
        let token = pollSet.add(a, for: .readable) { _ in }
        defer { pollSet.remove(token) }
        let received = Multipart()
        for number in 0..<20 {
            while case .wouldBlock = try a.receive(into: received) { _ = try pollSet.wait(milliseconds: 1000) }
            #expect(received.withUnsafeBytes(at: 1) { [UInt8]($0) } == [UInt8(number)])
        }
    }
}

/// A signal a millisecond, as a profiler sends them.
private enum Storm {
    static let signals = Atomic(0)

    static func begin() {
        signals.store(0, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in Storm.signals.add(1, ordering: .relaxed) }
        // System calls of other code are restarted and not affected; waiting for sockets never is restarted.
        action.sa_flags = SA_RESTART
        sigaction(SIGPROF, &action, nil)
        set(microseconds: 1000)
    }

    /// The handler stays: a signal may still be on its way.
    static func end() { set(microseconds: 0) }

    private static func set(microseconds: Int) {
        var timer = itimerval()
        timer.it_interval.tv_usec = microseconds
        timer.it_value.tv_usec = microseconds
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    }
}
