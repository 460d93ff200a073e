/// An end for what might wait forever.
enum Deadline {
    /// Runs `body`, or cancels it and throws an error when its time is over.
    static func run<R: Sendable>(
        _ timeout: Duration, throwing error: Failure, _ body: @escaping @Sendable () async throws -> R
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
}
