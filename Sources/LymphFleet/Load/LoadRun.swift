internal import Synchronization

/// Sends the same request many times, several at a time.
package struct LoadRun: Sendable {
    private let count: Int
    private let concurrency: Int
    private let subject: String
    private let request: @Sendable () async throws -> Void
    private let progress: @Sendable (_ done: Int, _ elapsed: Duration) -> Void

    /// - Parameters:
    ///   - subject: The method that is called, for error messages.
    ///   - request: Sends the request once and waits for its answer.
    ///   - progress: Called with the progress before the first request, ten times a second, and at the end.
    package init(
        count: Int, concurrency: Int, of subject: String, request: @escaping @Sendable () async throws -> Void,
        progress: @escaping @Sendable (_ done: Int, _ elapsed: Duration) -> Void
    ) {
        self.count = count
        self.concurrency = concurrency
        self.subject = subject
        self.request = request
        self.progress = progress
    }

    private final class Counters: Sendable {
        let taken = Atomic<Int>(0)
        let done = Atomic<Int>(0)
    }

    /// Runs until all requests are answered, or the task is cancelled.
    package func callAsFunction() async -> (result: LoadResult, elapsed: Duration) {
        let counters = Counters()
        let start = ContinuousClock.now
        // Before the first request: a fast run might be over before the progress task begins.
        progress(0, .zero)
        return await withTaskGroup(of: LoadResult?.self) { group in
            var workers = min(concurrency, count)
            for _ in 0..<workers {
                group.addTask { await work(counters) }
            }
            group.addTask {
                while (try? await Task.sleep(for: .milliseconds(100))) != nil {
                    progress(counters.done.load(ordering: .relaxed), .now - start)
                }
                return nil
            }
            var total = LoadResult()
            // When cancelled, the progress task may end before the workers.
            while workers > 0, let part = await group.next() {
                guard let part else { continue }
                total.merge(part)
                workers -= 1
            }
            let elapsed = start.duration(to: .now)
            group.cancelAll()
            progress(total.count, elapsed)
            return (total, elapsed)
        }
    }

    /// Sends one request after the other until none is left.
    private func work(_ counters: Counters) async -> LoadResult {
        var result = LoadResult()
        while !Task.isCancelled, counters.taken.wrappingAdd(1, ordering: .relaxed).newValue <= count {
            let start = ContinuousClock.now
            do {
                try await request()
                result.succeed(after: start.duration(to: .now))
            } catch  where Task.isCancelled {
                // A request that was cut short is not a result.
                break
            } catch {
                result.fail(FleetFailure(error, about: subject))
            }
            counters.done.wrappingAdd(1, ordering: .relaxed)
        }
        return result
    }
}
