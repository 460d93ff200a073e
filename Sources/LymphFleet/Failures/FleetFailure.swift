internal import Lymph
internal import MessagePack

/// Why an operation on a fleet failed.
package struct FleetFailure: Error, Equatable, Sendable {
    package var kind: FailureKind
    /// One line without a period: what went wrong.
    package let message: String
    /// What to try, in one sentence.
    package var advice: String?
    /// Further lines below the message.
    package var details: [String] = []

    package init(_ kind: FailureKind, _ message: String, advice: String? = nil, details: [String] = []) {
        self.kind = kind
        self.message = message
        self.advice = advice
        self.details = details
    }

    /// Converts any error.
    ///
    /// - Parameter subject: What the error is about, such as the method or the service.
    package init(_ error: any Error, about subject: String? = nil) {
        switch error {
        case let failure as FleetFailure: self = failure
        case let error as ExplainedRefusal:
            self.init(error.refusal as any Error)
            if error.explanation.isAboutMethod { kind = .refused }
            advice = error.advice
        case let error as RemoteError:
            let place = subject.map { "\($0) answered with " } ?? ""
            self.init(.remoteError, place + "the error \(error)")
        case let error as LymphError:
            self.init(error)
            if error.execution != .none, kind.promisesNothingRan { kind = .unknownOutcome }
        case let error as RegistryError: self.init(error)
        case let error as ConfigurationError: self.init(.configuration, error.problems.first?.description ?? "")
        case let error as EndpointError: self.init(.usage, error.description)
        case let error as MessagePackError: self.init(.invalidReply, error.description)
        case is CancellationError: self.init(.interrupted, "interrupted")
        default: self.init(.other, "\(error)")
        }
    }

    private init(_ error: LymphError) {
        if error.code == .lookupFailure, let cause = error.cause as? RegistryError {
            self.init(cause)
        } else {
            self.init(Self.kind(of: error), error.message)
        }
    }

    private static func kind(of error: LymphError) -> FailureKind {
        switch error.code {
        case .timeout: .timeout
        case .nack, .unauthorized: .refused
        case .lookupFailure, .registrationFailure: .registryUnavailable
        case .notConnected: .notConnected
        case .connectionLost: .unknownOutcome
        case .invalidReply: .invalidReply
        case .invalidRequest: .usage
        case .configuration: .configuration
        case .bindFailure: error.isOutOfDescriptors ? .other : .configuration
        default: .other
        }
    }

    private init(_ error: RegistryError) {
        switch error.code {
        case .lookupFailure: self.init(.unknownService, error.message)
        case .invalidName: self.init(.usage, error.message)
        default: self.init(.registryUnavailable, error.explanation)
        }
    }
}
