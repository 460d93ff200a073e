internal import ZeroMQ

/// A value that becomes known once; callers that ask earlier wait.
package final class Gate<Success: Sendable>: Sendable {
    private struct State {
        var result: Result<Success, any Error>?
        var waiting: [Int: CheckedContinuation<Success, any Error>] = [:]
        var lastNumber = 0
    }

    private let state = Lock(State())

    package init() {}

    /// Makes the value known. Later calls do nothing.
    package func open(_ result: Result<Success, any Error>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Success, any Error>] in
            guard state.result == nil else { return [] }
            state.result = result
            defer { state.waiting = [:] }
            return state.waiting.sorted { $0.key < $1.key }.map(\.value)
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// The value, once it is known.
    ///
    /// - Throws: The error that became known instead, or `CancellationError`.
    package func value() async throws -> Success {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Success, any Error>? in
                    if let result = state.result { return result }
                    // A task is marked as cancelled before its handler runs: if the mark isn't visible here, the
                    // handler will find the waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting[number] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }
}
