public import Lymph

/// How a mocked method answers a request; see ``TestNetwork/mock(_:version:instances:_:_:)``.
public struct MockAnswer: Sendable {
    enum Kind: Sendable {
        case reply(any Encodable & Sendable)
        case acknowledgement
        case error(any Error)
        case refusal(Refusal)
        case silence
        case function(@Sendable (SentArguments) async throws -> any Encodable & Sendable)
    }

    let kind: Kind
    var delay = Duration.zero

    private init(_ kind: Kind) { self.kind = kind }

    /// Returns a result.
    public static func returns(_ result: any Encodable & Sendable) -> MockAnswer { MockAnswer(.reply(result)) }

    /// Throws an error that the method declares: it reaches a caller that knows its type, others get a
    /// ``/Lymph/RemoteError``. An error that it doesn't declare is `.refuses(.failed)` for a caller.
    public static func fails(_ error: any Error) -> MockAnswer { MockAnswer(.error(error)) }

    /// Answers with NACK.
    ///
    /// - Parameters:
    ///   - reason: Why. `overloaded` and `draining` make the caller try another instance, if there is one.
    ///   - detail: What the caller is told besides.
    public static func refuses(_ reason: NackReason, _ detail: String? = nil) -> MockAnswer {
        MockAnswer(.refusal(Refusal(reason, detail)))
    }

    /// Never answers.
    public static let isSilent = MockAnswer(.silence)

    /// Answers with ACK.
    public static let acknowledges = MockAnswer(.acknowledgement)

    /// Returns or throws what a function does, as when a method is mocked by a function alone.
    public static func calls(
        _ function: @escaping @Sendable (SentArguments) async throws -> any Encodable & Sendable
    ) -> MockAnswer { MockAnswer(.function(function)) }

    /// The same answer, after a time of the network's clock.
    public func delayed(by delay: Duration) -> MockAnswer {
        var answer = self
        answer.delay += delay
        return answer
    }
}
