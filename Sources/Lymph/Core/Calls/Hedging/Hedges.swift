internal import ZeroMQ

/// Decides when calls may be hedged: by what their methods usually take, a budget, and the overload of services.
struct Hedges {
    private struct Method: Hashable {
        let service: String
        let name: String
        let percentage: Double
    }

    private var latencies: [Method: RunningQuantile] = [:]
    private var overloaded: [String: Instant] = [:]
    // A token bucket.
    private var tokens = 2.0

    /// How many hedges there may be for each call that can be hedged.
    static let share = 0.02
    private static let mostTokens = 10.0
    /// How long a service is not hedged after a refusal because of overload.
    static let rest = Duration.seconds(5)
    // Programs may make up names of methods without end.
    private static let mostMethods = 1000

    /// A call begins that can be hedged.
    mutating func deposit() { tokens = min(tokens + Self.share, Self.mostTokens) }

    /// How long an instance may take before its call is hedged; nil if the call isn't.
    func delay(for call: Call) -> Duration? {
        switch call.hedging?.kind {
        case nil, .never: nil
        case .after(let delay): max(delay, .zero)
        case .afterPercentile(let percentage): method(of: call, percentage).flatMap { latencies[$0]?.value }
        }
    }

    /// The first instance of a call has taken this time, until it has answered or another one has.
    mutating func note(_ time: Duration, of call: Call) {
        guard case .afterPercentile(let percentage)? = call.hedging?.kind, let method = method(of: call, percentage)
        else { return }
        if latencies[method] == nil {
            guard latencies.count < Self.mostMethods else { return }
            latencies[method] = RunningQuantile(percentage: percentage)
        }
        latencies[method]?.note(time)
    }

    private func method(of call: Call, _ percentage: Double) -> Method? {
        guard case .service(let service, _) = call.target else { return nil }
        return Method(service: service, name: call.method, percentage: percentage)
    }

    /// An instance of a service has refused a call that can be hedged, because it is overloaded.
    mutating func rest(_ service: String, at now: Instant) { overloaded[service] = now + Self.rest }

    /// Whether a service's calls are not hedged for now.
    mutating func isResting(_ service: String, at now: Instant) -> Bool {
        // Nearly always there is none.
        guard !overloaded.isEmpty, let end = overloaded[service] else { return false }
        if end <= now { overloaded[service] = nil }
        return now < end
    }

    /// Takes a token of the budget for a hedge, if the budget of retries has one as well.
    ///
    /// - Parameter isFirst: Whether the call has not asked before. Most calls that ask are answered soon after, so the last
    ///   token is for one that asks again.
    mutating func withdraw(_ retries: inout RetryBudget, isFirst: Bool, at now: Instant) -> Bool {
        guard tokens >= (isFirst ? 2 : 1), retries.withdraw(now: now) else { return false }
        tokens -= 1
        return true
    }
}
