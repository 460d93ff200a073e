package import Lymph
package import MessagePack

/// A request as a person specifies it.
package struct ClientRequest: Sendable {
    package let subject: RequestSubject
    /// The name or address of the target.
    package let target: String
    private let arguments: GivenArguments
    private var body: Value
    private let timeout: Duration
    private let traceID: String?
    private let headers: [String: Value]
    /// What the service said about its methods, if it was asked.
    private var inspection: Inspection?

    /// - Parameters:
    ///   - address: The target, if it isn't the service with the interface's name.
    ///   - timeout: The limit for the whole request.
    ///   - traceID: The trace to which it belongs; nil for a new one.
    ///   - headers: Headers of the request besides lymph's own.
    /// - Throws: ``FleetFailure`` if an argument is wrong whatever its type.
    package init(
        subject: RequestSubject, address: String?, arguments: GivenArguments, timeout: Duration, traceID: String?,
        headers: [String: Value] = [:]
    ) throws(FleetFailure) {
        self.subject = subject
        target = address ?? subject.interface
        self.arguments = arguments
        body = try arguments.untyped()
        self.timeout = timeout
        self.traceID = traceID
        self.headers = headers
    }

    /// Asks the service for the types of the arguments, for at most half of the timeout and two seconds, and reads them
    /// accordingly.
    /// If there are no arguments, or the service doesn't tell, the request stays as it is. Whatever went wrong with
    /// the question will go wrong with the request, and is reported then.
    ///
    /// - Returns: What a person should know about the arguments although they can be sent.
    /// - Throws: ``FleetFailure`` if the arguments don't fit.
    package mutating func readTypes(from client: Client) async throws -> [String] {
        guard !arguments.isEmpty else { return [] }
        do {
            // The version restricts who is asked, as it does for the request.
            inspection = try await Inspection.take(
                of: target, version: subject.version, by: client, within: min(timeout / 2, .seconds(2)))
        } catch let error as CancellationError {
            throw error
        } catch {
            return []
        }
        guard let method = inspection?.method(subject.method, asked(nil)), let schema = method.schema,
            schema.areParametersKnown
        else { return [] }
        let typed = try TypedArguments(arguments, for: method, schema)
        body = typed.body
        return typed.notes
    }

    /// Sends the request and returns the answer.
    package func send(by client: Client) async throws -> Message {
        guard let traceID else { return try await call(client) }
        return try await TraceContext.with(id: traceID) { try await call(client) }
    }

    /// The same, but explains a refused request if there is time left to ask the service about it.
    ///
    /// - Throws: ``ExplainedRefusal`` in that case.
    package func sendExplained(by client: Client) async throws -> Message {
        let deadline = ContinuousClock.now + timeout
        do {
            return try await send(by: client)
        } catch let error as LymphError where error.code == .nack && [nil, .rejected].contains(error.reason) {
            // A service that gives any other reason has read the request, and knows better.
            let left = ContinuousClock.now.duration(to: deadline)
            guard let explanation = await explanation(of: error, from: client, within: left) else { throw error }
            let headers = error.answer?.headers
            guard
                let advice = explanation.advice(
                    isReasonKnown: headers?["detail"] != nil, isVersionKnown: headers?["version"] != nil)
            else { throw error }
            throw ExplainedRefusal(refusal: error, explanation: explanation, advice: advice)
        }
    }

    private func explanation(
        of error: LymphError, from client: Client, within timeout: Duration
    ) async -> RefusalExplanation? {
        var inspection = inspection
        if inspection == nil, timeout > .zero {
            inspection = try? await Inspection.take(of: target, version: subject.version, by: client, within: timeout)
        }
        guard let inspection else { return nil }
        return RefusalExplanation(subject.method, asked(error.answer), arguments: arguments.names, in: inspection)
    }

    /// The version that the request was for: the one that refused it, if the answer says so.
    private func asked(_ answer: Message?) -> Inspection.Asked {
        if let version = answer?.headers["version"]?.stringValue.flatMap({ Version($0) }) { return .exactly(version) }
        return .init(subject.version, of: target)
    }

    private func call(_ client: Client) async throws -> Message {
        try await client.request(
            target, subject.method, body, version: subject.version, timeout: timeout, headers: headers)
    }
}
