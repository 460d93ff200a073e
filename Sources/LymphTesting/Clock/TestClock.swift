internal import Lymph
internal import ZeroMQ

/// The time of a test network, which passes only when the test says so, or when somebody waits for it.
///
/// Timeouts, retries and heartbeats of the network are in this time. Services that sleep or look at the time should be
/// given the clock, as an `any Clock<Duration>`:
///
/// ```swift
/// let clock = TestClock.manual
/// try await withTestNetwork(clock: clock) { network in
///     try await network.serve(.init(as: "orders") { context in OrdersService(context: context, clock: clock) })
///     async let order: Order = network.proxy("orders").place(lines: lines)
///     await clock.advance(by: .seconds(1))
///     …
/// }
/// ```
///
/// A clock belongs to one network, and runs while that does.
public final class TestClock: Clock {
    /// A moment of a test.
    public struct Instant: InstantProtocol {
        /// How long after the start of the test.
        public let offset: Duration

        /// The moment after a duration.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// The time from this moment to another one.
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Whether a moment comes before another one.
        public static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private enum Phase { case new, running, over }

    private struct State {
        var phase = Phase.new
        /// How many calls and tasks wait for the time to pass.
        var waiting = 0
        var isEnding = false
    }

    let scheduler = ManualScheduler()
    let isAutomatic: Bool
    private let state = Lock(State())

    private init(isAutomatic: Bool) { self.isAutomatic = isAutomatic }

    /// A clock that stands still until the test advances it.
    public static var manual: TestClock { TestClock(isAutomatic: false) }

    /// A clock that also advances by itself: to what is next due, when nothing can run before that, as long as a call
    /// or a task that sleeps waits for it.
    ///
    /// It can't see what happens outside of the network. While a service waits for real input or output, or sleeps on
    /// another clock, nothing can run here, so that its callers' timeouts pass at once: use ``manual`` for such
    /// services, and for tests on the main actor that do several things at once.
    public static var automatic: TestClock { TestClock(isAutomatic: true) }

    /// The current time.
    public var now: Instant { Instant(offset: scheduler.now - .origin) }

    /// A nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Returns at a time of this clock.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled, or ``TestFailure`` if no network runs the clock.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try Task.checkCancellation()
        guard isRunning else { throw TestFailure(Self.notRunning) }
        let duration = now.duration(to: deadline)
        guard duration > .zero else { return }
        try await sleep(duration)
    }

    // In the network's time, wherever the caller runs.
    @concurrent private func sleep(_ duration: Duration) async throws {
        beginWaiting()
        defer { endWaiting() }
        try await scheduler.sleep(for: duration)
    }

    /// Advances the time, and returns when everything that was due on the way has happened and nothing more can.
    ///
    /// What is due runs at its own time, and in that order. The method doesn't wait for what happens outside of the
    /// network: in tasks that services start with `Task {}`, or on other clocks. It traps if no network runs the clock.
    public func advance(by duration: Duration) async {
        precondition(isRunning, Self.notRunning)
        await scheduler.elapse(duration)
    }

    /// Returns when nothing more can happen without the passing of time.
    public func settle() async { await advance(by: .zero) }

    private var isRunning: Bool { state.withLock { $0.phase == .running } }
    private static let notRunning = "no network runs this clock: pass it to withTestNetwork or withTestService"

    // MARK: For the network

    /// Runs everything, until the task is cancelled.
    func drive() async { await scheduler.drive() }

    /// Takes the clock for a network.
    func claim() throws {
        let isFirst = state.withLock { state in
            guard state.phase == .new else { return false }
            state.phase = .running
            return true
        }
        guard isFirst else { throw TestFailure("this clock has run another network: each one needs its own") }
    }

    /// The network has ended.
    func release() { state.withLock { $0.phase = .over } }

    /// Somebody begins to wait, so that an automatic clock may advance.
    func beginWaiting() { change { $0.waiting += 1 } }

    func endWaiting() { change { $0.waiting -= 1 } }

    /// Whether the time advances by itself because services are being stopped.
    var isEnding: Bool { state.withLock(\.isEnding) }

    /// Lets the time advance by itself, whoever waits: while services stop.
    func setEnding(_ isEnding: Bool) { change { $0.isEnding = isEnding } }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            let mayAdvance = state.isEnding || isAutomatic && state.waiting > 0
            if scheduler.isAutomatic != mayAdvance { scheduler.isAutomatic = mayAdvance }
        }
    }
}

extension Duration {
    /// The duration for people: `1.5 s`.
    var text: String {
        let seconds = inSeconds
        return seconds == seconds.rounded() && abs(seconds) < 1e15 ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
