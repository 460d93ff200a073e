internal import ZeroMQ

/// Synchronous entry points for code that already runs on the poller's loop and is on the hot path.
///
/// `assumeIsolated` does the same for any closure, but allocates twice for a closure that captures something; these
/// capture nothing. The bit cast relies on what `assumeIsolated` itself relies on: a function with an `isolated`
/// parameter has the same calling convention as one without.
extension Poller {
    nonisolated func handleHere(_ event: TransportEvent) {
        loop.checkIsolated()
        Self.entries.handle(self, event)
    }

    nonisolated func beginHere(_ call: Call) {
        loop.checkIsolated()
        Self.entries.begin(self, call)
    }

    nonisolated func takeHere(_ worker: Int, isCalled: Bool) -> Work? {
        loop.checkIsolated()
        return Self.entries.take(self, worker, isCalled)
    }

    nonisolated func finishHere(_ work: Work, _ answer: Answer) {
        loop.checkIsolated()
        Self.entries.finish(self, work, answer)
    }

    nonisolated func parkHere(_ number: Int, _ worker: IdleWorker) {
        loop.checkIsolated()
        Self.entries.park(self, number, worker)
    }

    private static let entries = unsafeBitCast(
        Isolated(
            handle: { $0.handle($1) }, begin: { $0.begin($1) }, take: { $0.takeWork($1, isCalled: $2) },
            finish: { $0.finish($1, $2) }, park: { $0.parkWorker($1, $2) }),
        to: Plain.self)

    private struct Isolated: Sendable {
        let handle: @Sendable (isolated Poller, TransportEvent) -> Void
        let begin: @Sendable (isolated Poller, Call) -> Void
        let take: @Sendable (isolated Poller, Int, Bool) -> Work?
        let finish: @Sendable (isolated Poller, Work, Answer) -> Void
        let park: @Sendable (isolated Poller, Int, IdleWorker) -> Void
    }

    private struct Plain: Sendable {
        let handle: @Sendable (Poller, TransportEvent) -> Void
        let begin: @Sendable (Poller, Call) -> Void
        let take: @Sendable (Poller, Int, Bool) -> Work?
        let finish: @Sendable (Poller, Work, Answer) -> Void
        let park: @Sendable (Poller, Int, IdleWorker) -> Void
    }
}
