internal import Lymph
public import MessagePack

/// What was called.
extension TestNetwork {
    /// All calls so far, in the order in which they began: those of the services and those of the test.
    public var calls: [RecordedCall] { log.calls }

    /// The calls of a method so far.
    ///
    /// - Parameter subject: The method, as `interface.method`.
    public func calls(of subject: String) -> [RecordedCall] { calls.filter { $0.subject == subject } }

    /// How many requests have reached a method, mocked or not. Retries count.
    ///
    /// - Parameter subject: The method, as `interface.method`.
    public func requestCount(of subject: String) -> Int { log.requestCount(of: subject) }

    /// Returns a call as soon as it begins.
    ///
    /// A manual clock stands still meanwhile.
    ///
    /// - Parameters:
    ///   - subject: The method, as `interface.method`.
    ///   - number: Which of its calls is waited for, counted from the start of the test.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    @discardableResult
    public func waitForCall(_ subject: String, number: Int = 1) async throws -> RecordedCall {
        try await wait(subject, number)
    }

    // In the network's time, wherever the test runs.
    @concurrent private func wait(_ subject: String, _ number: Int) async throws -> RecordedCall {
        clock.beginWaiting()
        defer { clock.endWaiting() }
        return try await log.wait(for: subject, count: number)
    }

    /// Checks how often a method was called.
    ///
    /// - Parameters:
    ///   - subject: The method, as `interface.method`.
    ///   - count: How often; nil for at least once.
    /// - Throws: ``TestFailure``, which lists what was called instead.
    public func expectCalls(_ subject: String, count: Int? = nil) throws {
        let found = calls(of: subject).count
        if let count {
            guard found != count else { return }
            throw failure("\(subject) was called \(times(found)), not \(times(count))", about: [subject])
        }
        guard found == 0 else { return }
        throw failure("\(subject) was not called", about: [subject])
    }

    /// Checks a method's calls and their arguments.
    ///
    /// ```swift
    /// try network.expectCalls("inventory.take", with: ["sku": "apple"], ["sku": "pear", "quantity": 2])
    /// ```
    ///
    /// - Parameters:
    ///   - subject: The method, as `interface.method`.
    ///   - first: The arguments of its first call. It may have more than are named here.
    ///   - more: Those of the following calls, in their order.
    /// - Throws: ``TestFailure``, which lists what was called instead.
    public func expectCalls(_ subject: String, with first: Value, _ more: Value...) throws {
        let arguments = [first] + more
        try expectCalls(subject, count: arguments.count)
        for (index, (call, expected)) in zip(calls(of: subject), arguments).enumerated()
        where !call.arguments.match(expected) {
            let which = arguments.count == 1 ? "the call" : "call \(index + 1)"
            throw failure("\(which) of \(subject) did not have the arguments \(expected)", about: [subject])
        }
    }

    /// Checks the order in which methods were called.
    ///
    /// - Parameters:
    ///   - first: The method of the first call, as `interface.method`.
    ///   - more: Those of the following calls. Each is named as often as it was called; calls of other methods may come
    ///     in between.
    /// - Throws: ``TestFailure``, which lists what was called instead.
    public func expectCalls(inOrder first: String, _ more: String...) throws {
        let subjects = [first] + more
        let named = Set(subjects)
        guard calls.map(\.subject).filter(named.contains) != subjects else { return }
        throw failure("the calls were not \(subjects.joined(separator: ", "))", about: named)
    }

    private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    /// Makes the failure of an expectation, which lists the calls of some methods, or else all of them.
    private func failure(_ problem: String, about subjects: Set<String>) -> TestFailure {
        let all = calls
        let missing = subjects.subtracting(all.map(\.subject)).sorted()
        let questions = missing.compactMap { NearNames.question($0, all.map(\.subject)) }
        let shown = missing.isEmpty ? all.filter { subjects.contains($0.subject) } : all
        let list = shown.isEmpty ? ["nothing was called"] : shown.suffix(20).map { "\($0.time.offset.text): \($0)" }
        return TestFailure(([problem] + questions + list).joined(separator: "\n    "))
    }
}
