internal import Lymph
internal import MessagePack

/// A request as the command line describes it.
struct ClientRequest: Sendable {
    let subject: RequestSubject
    /// The name or address of whom to ask.
    let target: String
    let body: Value
    let timeout: Duration
    let traceID: String?

    init(subject: RequestSubject, address: String?, body: Value, timeout: Duration, traceID: String?) {
        self.subject = subject
        target = address ?? subject.interface
        self.body = body
        self.timeout = timeout
        self.traceID = traceID
    }

    /// Sends the request and returns the answer.
    func send(by client: Client) async throws -> Message {
        do {
            return try await attempt(by: client)
        } catch {
            throw Failure(error, about: subject.method)
        }
    }

    private func attempt(by client: Client) async throws -> Message {
        guard let traceID else { return try await call(client) }
        return try await TraceContext.with(id: traceID) { try await call(client) }
    }

    /// The same; a request that was refused is explained, if there is time left to ask the service about it.
    func sendExplained(by client: Client) async throws -> Message {
        let deadline = ContinuousClock.now + timeout
        do {
            return try await attempt(by: client)
        } catch {
            let failure = Failure(error, about: subject.method)
            // A service that names any other reason has read the request, and knows better.
            guard let error = error as? LymphError, error.code == .nack, [nil, .rejected].contains(error.reason) else {
                throw failure
            }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero, let explanation = await explanation(of: error, from: client, within: left) else {
                throw failure
            }
            let headers = error.answer?.headers
            guard
                let advice = explanation.advice(
                    isReasonKnown: headers?["detail"] != nil, isVersionKnown: headers?["version"] != nil)
            else { throw failure }
            throw Failure(
                explanation.isAboutMethod ? .refused : failure.status, failure.message ?? "", advice: advice)
        }
    }

    private func explanation(
        of error: LymphError, from client: Client, within timeout: Duration
    ) async -> RefusalExplanation? {
        // A version narrows down who is asked, as it did for the request.
        let reply = try? await client.request(target, "lymph.inspect", version: subject.version, timeout: timeout)
        guard let reply, let inspection = try? Inspection(reply, address: target) else { return nil }
        let names = body.mapValue?.keys.compactMap(\.stringValue) ?? []
        return RefusalExplanation(subject.method, asked(error.answer), arguments: names, in: inspection)
    }

    /// The version that the request was for: the one that refused it, if the answer says that.
    private func asked(_ answer: Message?) -> RefusalExplanation.Asked {
        if let version = answer?.headers["version"]?.stringValue.flatMap({ Version($0) }) { return .exactly(version) }
        guard let version = subject.version.flatMap({ Version(coercing: $0) }) else { return .any }
        return target.contains("://") ? .exactly(version) : .compatible(version)
    }

    private func call(_ client: Client) async throws -> Message {
        try await client.request(target, subject.method, body, version: subject.version, timeout: timeout)
    }
}
