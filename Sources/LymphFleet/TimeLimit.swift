package import Lymph

/// A time limit for work that might wait forever.
package enum TimeLimit {
    /// Runs `body`; when its time is up, cancels it and throws `error`.
    private static func run<R: Sendable>(
        _ timeout: Duration, throwing error: FleetFailure, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw error
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw error }
            return result
        }
    }

    /// Runs `body`, which waits for a registry. If its time runs out, the error says what the registry is waiting
    /// for.
    package static func run<R: Sendable>(
        _ timeout: Duration, waitingFor registry: any ServiceRegistry,
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        let late = FleetFailure(
            .registryUnavailable, "the registry did not answer within \(timeout.short)", advice: "is it running?")
        do {
            return try await run(timeout, throwing: late, body)
        } catch let failure as FleetFailure where failure == late {
            guard let obstacle = await (registry as? any WaitingRegistry)?.obstacle else { throw late }
            throw FleetFailure(
                .registryUnavailable, "the registry did not answer within \(timeout.short): \(obstacle)",
                advice: "is it running there?")
        }
    }
}
