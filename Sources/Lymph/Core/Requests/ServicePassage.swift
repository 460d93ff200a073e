internal import ZeroMQ

/// How far a request has come on its way through the interceptors of a service. It passes each only once, and reaches
/// its method only once.
final class ServicePassage: Sendable {
    private struct State {
        /// How many interceptors may be passed next.
        var next = 0
        /// What interceptors got that tried to pass the request on again.
        var refusals: Set<Refusal> = []
        /// Whether the method answers for itself.
        var hasOwnAnswers = false
    }

    private let state = Lock(State())

    /// Takes the request past one more interceptor, or to the method.
    ///
    /// - Parameter passed: How many interceptors it has passed before.
    /// - Returns: Whether it is the first time.
    func pass(_ passed: Int) -> Bool {
        state.withLock { state in
            guard state.next == passed else { return false }
            state.next += 1
            return true
        }
    }

    /// Makes the refusal for an interceptor that tries to pass the request on again.
    func refuse(_ mistake: String) -> Refusal {
        let refusal = Refusal(.failed, log: "\(mistake); the method ran only once")
        state.withLock { _ = $0.refusals.insert(refusal) }
        return refusal
    }

    /// The method has returned, and answers for itself.
    func noteOwnAnswers() { state.withLock { $0.hasOwnAnswers = true } }

    /// Whether the method answers for itself although an interceptor returns this refusal of a second call.
    func isAnswered(inSpiteOf refusal: Refusal) -> Bool {
        state.withLock { $0.hasOwnAnswers && $0.refusals.contains(refusal) }
    }
}
