internal import MessagePack

extension Client {
    /// A client without a network, for unit tests: a function answers its calls.
    ///
    /// ```swift
    /// let client = Client.fake { call in
    ///     guard call.subject == "inventory.reserve" else { throw LymphError(.lookupFailure, call.subject) }
    ///     return true
    /// }
    /// ```
    ///
    /// It works without ``run()``. Interceptors, error maps and the decoding of results are those of any client.
    ///
    /// - Parameter answer: Returns a call's result, or throws. A ``Refusal`` refuses the call; an error of your own counts
    ///   as declared by the method: it reaches a caller that knows its type, others get a ``RemoteError``. It may be
    ///   called concurrently.
    public static func fake(
        _ answer: @escaping @Sendable (OutgoingCall) async throws -> any Encodable & Sendable
    ) -> Client {
        var configuration = PeerConfiguration()
        configuration.transport = .inMemory(InMemoryNetwork())
        configuration.clientInterceptors = [FakeNetwork(answer: answer)]
        return Client(registry: StaticRegistry(), configuration: configuration)
    }

    /// A client without a network whose calls fail at once: that of an interface that no container runs.
    public static let disconnected = Client.fake { call in
        throw LymphError(
            .stopped,
            "\(call.subject): no container runs this interface; in a test, give it a context with a client")
    }
}

private struct FakeNetwork: ClientInterceptor {
    let answer: @Sendable (OutgoingCall) async throws -> any Encodable & Sendable

    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message {
        let result: any Encodable & Sendable
        do {
            result = try await answer(call)
        } catch let error where error is LymphError || error is CancellationError {
            throw error
        } catch let refusal as Refusal {
            let detail = refusal.detail.map { ": \($0)" } ?? ""
            throw LymphError(.nack, "\(call.subject) was refused: \(refusal.reason)\(detail)", reason: refusal.reason)
        } catch {
            throw RemoteError(describing: error)
        }
        return try .reply(result)
    }
}

extension OutgoingCall {
    /// Decodes the arguments as a type with a property for each: for tests and interceptors.
    ///
    /// - Throws: `DecodingError` if they don't fit the type.
    public func decodeArguments<T: Decodable>(as type: T.Type = T.self) throws -> T {
        try arguments.withUnsafeBytes { try MessagePackDecoder.decode(type, from: $0) }
    }
}
