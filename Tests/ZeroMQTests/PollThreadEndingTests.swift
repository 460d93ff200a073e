import Glibc
import Synchronization
import Testing

@testable import ZeroMQ

@Suite("The end of the thread, and what it does with signals", .timeLimit(.minutes(1)))
struct PollThreadEndingTests {
    /// Tells when nobody holds it any more.
    private final class Witness: Sendable {
        let onEnd: @Sendable () -> Void
        init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
        deinit { onEnd() }
    }

    private func run<R: Sendable>(on thread: PollThread, _ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in thread.execute { continuation.resume(returning: body()) } }
    }

    @Test("stop ends the thread, which lets go of everything", arguments: [false, true])
    func stop(isAsleep: Bool) async {
        await withCheckedContinuation { continuation in
            let thread = PollThread(name: "test stop")
            let witness = Witness { continuation.resume() }
            // The thread itself holds the PollThread: it goes when the thread ends.
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

    @Test("what was queued before the end still runs")
    func lastJobs() async {
        let ran = Lock(0)
        await withCheckedContinuation { continuation in
            let thread = PollThread(name: "test last jobs")
            let witness = Witness { continuation.resume() }
            thread.onDeadline = { withExtendedLifetime(witness) {} }
            for _ in 0..<1000 {
                thread.execute {
                    // And what the last jobs queue.
                    thread.execute { ran.withLock { $0 += 1 } }
                }
            }
            thread.stop()
        }
        #expect(ran.withLock { $0 } == 1000)
    }

    @Test("a thread that never had a job never starts, and goes")
    func neverStarted() async {
        var thread: PollThread? = PollThread(name: "test nothing")
        let other = PollThread(name: "test something")
        await run(on: other) {}
        // A thread that was started before would have its name by now.
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

    @Test("threads come and go")
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
            // Those two can't be blocked.
            return (1..<32).filter { $0 != SIGKILL && $0 != SIGSTOP && sigismember(&mask, $0) == 0 }
        }
        #expect(open == [])
    }

    @Test("who starts a thread takes its signals as before")
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
        // At least as long as it takes for the storm to be one; it is measured in processor time.
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

    /// Sends messages over the loopback on this thread, which takes the signals.
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
        // What else runs in this process and is restarted shall not notice; waiting for sockets never is.
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
