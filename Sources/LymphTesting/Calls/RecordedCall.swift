public import Lymph
public import MessagePack

/// A call that a service of the network, or the test itself, has made.
///
/// A call that the framework retries is one call; one that an interceptor of yours makes twice is two.
public struct RecordedCall: Sendable, CustomStringConvertible {
    /// Who called: the names of the interfaces in the caller's process, or `test`.
    public let caller: String

    /// What was called: a service's name, with the version that was asked for if there was one, or an endpoint.
    public let address: String

    /// The method, as `interface.method`.
    public let subject: String

    /// The arguments.
    public let arguments: SentArguments

    /// The headers that were added to the request.
    public let headers: [String: Value]

    /// When it began.
    public let time: TestClock.Instant

    /// When it ended; nil if it hasn't.
    public internal(set) var endTime: TestClock.Instant?

    /// How it ended: the answer, or the error that the caller got; nil if it hasn't ended.
    public internal(set) var result: Result<Message, any Error>?

    init(_ caller: String, _ call: OutgoingCall, at time: TestClock.Instant) {
        self.caller = caller
        address = call.address
        subject = call.subject
        arguments = SentArguments(bytes: call.arguments)
        headers = call.options.headers
        self.time = time
    }

    /// The result that the method returned; nil if the call failed or hasn't ended.
    public var reply: Value? { try? result?.get().body }

    /// The error of the call; nil if it didn't fail.
    public var error: (any Error)? {
        guard case .failure(let error)? = result else { return nil }
        return error
    }

    /// The call and its outcome for people: `orders called billing.charge(amount: 5): true`.
    public var description: String { "\(caller) called \(subject)\(arguments)\(outcome)" }

    private var outcome: String {
        switch result {
        case nil: ", no answer yet"
        case .failure(let error)?: ", which failed: \(error)"
        case .success(let answer)? where answer.kind == .ack: ": acknowledged"
        case .success(let answer)?: ": \((try? answer.body) ?? .nil)"
        }
    }
}
