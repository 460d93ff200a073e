import Load

/// One call after another to a method that hangs; tells its caller, past the network, what the innermost method sees.
struct Lane: Sendable {
    private let begun = AsyncStream.makeStream(of: Void.self)
    private let cancelled = AsyncStream.makeStream(of: UInt64.self)

    /// The innermost method: returns when its task is cancelled.
    func hang() async {
        begun.continuation.yield()
        do { try await Task.sleep(for: .seconds(3600)) } catch { cancelled.continuation.yield(now()) }
    }

    /// Returns when the innermost method has begun.
    func beginning() async {
        for await _ in begun.stream { return }
    }

    /// When the innermost method went on because it was cancelled.
    func end() async -> UInt64 {
        for await time in cancelled.stream { return time }
        fail("the task of the measurement was cancelled")
    }
}
