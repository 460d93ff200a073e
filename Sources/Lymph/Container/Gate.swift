/// A value that becomes known once; whoever asks earlier waits.
actor Gate<Success: Sendable> {
    private var result: Result<Success, any Error>?
    private var waiting: [Int: CheckedContinuation<Success, any Error>] = [:]
    private var lastNumber = 0

    /// Makes the value known. Only the first time counts.
    func open(_ result: Result<Success, any Error>) {
        guard self.result == nil else { return }
        self.result = result
        for continuation in waiting.values { continuation.resume(with: result) }
        waiting = [:]
    }

    /// The value, once it is known.
    ///
    /// - Throws: The error that is known instead, or `CancellationError`.
    func value() async throws -> Success {
        lastNumber += 1
        let number = lastNumber
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let result {
                    continuation.resume(with: result)
                } else if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting[number] = continuation
                }
            }
        } onCancel: {
            Task { await self.cancel(number) }
        }
    }

    private func cancel(_ number: Int) {
        waiting.removeValue(forKey: number)?.resume(throwing: CancellationError())
    }
}
