internal import MessagePack
internal import ZeroMQ

/// Why a call, a service or a client failed, other than by an error of the remote method (that is ``RemoteError``).
///
/// ```swift
/// do {
///     try await echo.call("upper", text: "foo")
/// } catch let error as LymphError where error.code == .timeout {
///     …
/// }
/// ```
///
/// A cancelled task gets `CancellationError` instead.
public struct LymphError: Error, Sendable {
    /// The kind of a failure. More kinds may be added, so a `switch` needs a `default`.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case timeout, nack, lookupFailure, notConnected, connectionLost, registrationFailure
            case unauthorized, stopped, invalidRequest, invalidReply, configuration, bindFailure, alreadyRunning
        }

        private let kind: Kind

        /// The code's name.
        public var description: String { kind.rawValue }

        /// The request was sent, but no answer came in time: whether it was executed is unknown. Or a method made a call
        /// when its own request had no time left: then nothing was sent, and ``LymphError/execution`` says so.
        public static let timeout = Code(kind: .timeout)
        /// The service refused the request, or its method failed with an error that it doesn't declare;
        /// ``LymphError/reason`` says which, if the service tells.
        public static let nack = Code(kind: .nack)
        /// No service is registered under the name.
        public static let lookupFailure = Code(kind: .lookupFailure)
        /// The service is known but none of its instances could be reached in time. Nothing was sent, unless
        /// ``LymphError/execution`` says that an earlier attempt was.
        public static let notConnected = Code(kind: .notConnected)
        /// The request was sent, then the connection broke, and nobody listens there any more, or it did not come back.
        /// Whether it was executed is unknown.
        public static let connectionLost = Code(kind: .connectionLost)
        /// No connection to the service is allowed: it does not admit this process's key or address, or this process has no
        /// key or does not trust the service's. Nothing was sent, unless ``LymphError/execution`` says that an earlier
        /// attempt was.
        public static let unauthorized = Code(kind: .unauthorized)
        /// The registry did not accept the registration of a service.
        public static let registrationFailure = Code(kind: .registrationFailure)
        /// The client or container was stopped, or never ran.
        public static let stopped = Code(kind: .stopped)
        /// The request can't be sent: a bad address, arguments that can't be encoded, a body over the limit.
        public static let invalidRequest = Code(kind: .invalidRequest)
        /// The answer can't be decoded as the expected type.
        public static let invalidReply = Code(kind: .invalidReply)
        /// The description of a service contradicts itself: a duplicate name, for example.
        public static let configuration = Code(kind: .configuration)
        /// No socket could be bound to the address.
        public static let bindFailure = Code(kind: .bindFailure)
        /// `run()` was called twice.
        public static let alreadyRunning = Code(kind: .alreadyRunning)
    }

    /// What is known about the request's execution when its call fails.
    public struct Execution: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String { case none, unknown, executed }

        private let kind: Kind

        /// The state's name.
        public var description: String { kind.rawValue }

        /// The method did not run: it is safe to send the request again.
        public static let none = Execution(kind: .none)
        /// The method may have run, may be running, or may still run.
        public static let unknown = Execution(kind: .unknown)
        /// The method ran.
        public static let executed = Execution(kind: .executed)
    }

    /// The kind of failure.
    public let code: Code

    /// What happened, in words, with the names involved.
    public let message: String

    /// Whether the request was executed.
    public let execution: Execution

    /// Why the service refused, if the failure is a ``Code/nack`` and the service says so.
    public let reason: NackReason?

    /// The error behind this one.
    public let cause: (any Error)?

    /// The NACK behind the error; nil for an error that was made in this process.
    package let answer: Message?

    /// Creates an error: in mocks and registries, and in methods, which refuse a request by throwing one with the
    /// code ``Code/nack`` before they have done anything.
    public init(
        _ code: Code, _ message: String, execution: Execution = .none, reason: NackReason? = nil,
        cause: (any Error)? = nil
    ) {
        self.init(code, message, execution: execution, reason: reason, cause: cause, answer: nil)
    }

    private init(
        _ code: Code, _ message: String, execution: Execution, reason: NackReason?, cause: (any Error)?,
        answer: Message?
    ) {
        self.code = code
        self.message = message
        self.execution = execution
        self.reason = reason
        self.cause = cause
        self.answer = answer
    }

    /// The error for a NACK.
    ///
    /// - Parameter method: The method that was called.
    init(nack: Message, to method: String) {
        let reason = nack.headers.reason
        let parts = [reason?.description, nack.headers["detail"]?.stringValue].compactMap { $0?.shortened }
        self.init(
            .nack,
            (["\(method) was refused" + (nack.source.map { " by \($0)" } ?? "")] + parts).joined(separator: ": "),
            execution: reason?.isSurelyNotExecuted == true ? .none : .unknown, reason: reason, cause: nil, answer: nack)
    }

    /// The same error with different knowledge about the execution.
    func with(execution: Execution) -> LymphError {
        LymphError(
            code, message, execution: execution, reason: reason, cause: cause, answer: answer)
    }
}

extension LymphError {
    /// Whether the operation failed because the process had no descriptor left.
    package var isOutOfDescriptors: Bool { (cause as? ZMQError)?.isOutOfDescriptors == true }
}

extension LymphError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}

extension LymphError: Equatable {
    /// Errors are equal if code, message, reason and execution are; the cause does not count.
    public static func == (a: LymphError, b: LymphError) -> Bool {
        a.code == b.code && a.message == b.message && a.reason == b.reason && a.execution == b.execution
    }
}
