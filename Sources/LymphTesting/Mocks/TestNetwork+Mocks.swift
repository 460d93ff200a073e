public import Lymph

extension TestNetwork {
    /// Mocks a method: a service of the network that has it answers as told, over the network.
    ///
    /// ```swift
    /// try await network.mock("billing.charge", .returns(5))
    /// try await network.mock("billing.charge", .isSilent)                                    // from now on
    /// try await network.mock("stock.take", instances: 2, .refuses(.overloaded), .returns(true))  // in turn
    /// ```
    ///
    /// - Parameters:
    ///   - subject: The method, as `interface.method`. If it is mocked already, the new answers replace the old ones.
    ///   - version: The version of the mocked interface, if it has one.
    ///   - instances: How many instances of the service there are at least. A request that one refuses because it is
    ///     overloaded or stopping is retried only if there is another.
    ///   - answer: The answer to the first request.
    ///   - more: The answers to the following ones. The last one is repeated. Instances share them.
    /// - Throws: ``TestFailure`` if the network runs the service.
    public func mock(
        _ subject: String, version: Version? = nil, instances: Int = 1, _ answer: MockAnswer, _ more: MockAnswer...
    ) async throws {
        try await mock(subject, version, instances, [answer] + more)
    }

    /// Mocks a method by a function.
    ///
    /// ```swift
    /// try await network.mock("billing.charge") { arguments in
    ///     let amount: Int = try arguments.get("amount")
    ///     guard amount < 100 else { throw LimitExceeded(limit: 100) }
    ///     return amount * 2
    /// }
    /// ```
    ///
    /// What it throws is handled by type: a ``/Lymph/Refusal`` or ``/Lymph/LymphError`` refuses the request, any other
    /// error counts as declared by the method. Within it, `Request.current` has the headers and the sender.
    ///
    /// - Parameters:
    ///   - subject: The method, as `interface.method`.
    ///   - version: The version of the mocked interface, if it has one.
    ///   - instances: How many instances of the service there are at least.
    ///   - function: Returns the result. It may be called concurrently.
    /// - Throws: ``TestFailure`` if the network runs the service.
    public func mock(
        _ subject: String, version: Version? = nil, instances: Int = 1,
        _ function: @escaping @Sendable (SentArguments) async throws -> any Encodable & Sendable
    ) async throws {
        try await mock(subject, version, instances, [.calls(function)])
    }

    /// Mocks a method without a result by a function.
    ///
    /// - Parameters:
    ///   - subject: The method, as `interface.method`.
    ///   - version: The version of the mocked interface, if it has one.
    ///   - instances: How many instances of the service there are at least.
    ///   - function: Does what the method does.
    /// - Throws: ``TestFailure`` if the network runs the service.
    @_disfavoredOverload
    public func mock(
        _ subject: String, version: Version? = nil, instances: Int = 1,
        _ function: @escaping @Sendable (SentArguments) async throws -> Void
    ) async throws {
        let answer = MockAnswer.calls { arguments in
            try await function(arguments)
            return Bool?.none
        }
        try await mock(subject, version, instances, [answer])
    }

    private func mock(
        _ subject: String, _ version: Version?, _ instances: Int, _ answers: [MockAnswer]
    ) async throws {
        guard let dot = subject.lastIndex(of: ".") else {
            throw TestFailure("\(subject) can't be mocked: it is not of the form interface.method")
        }
        let service = try await mockedService(String(subject[..<dot]), version, instances: instances)
        try await service.mock(String(subject[subject.index(after: dot)...]), answers)
    }
}
