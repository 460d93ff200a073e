internal import Lymph
internal import MessagePack

extension Failure {
    /// Explains any error that a command can meet.
    ///
    /// - Parameter subject: What the command was about, such as the method or the service.
    init(_ error: any Error, about subject: String? = nil) {
        switch error {
        case let failure as Failure: self = failure
        case let error as RemoteError: self.init(error, about: subject)
        case let error as LymphError:
            self.init(error)
            if error.execution != .none, status.promisesNothingRan { status = .unknownOutcome }
        case let error as RegistryError: self.init(error)
        case let error as ConfigurationError: self.init(error)
        case let error as EndpointError: self.init(.usage, error.description)
        case let error as MessagePackError: self.init(.invalidReply, error.description)
        case is CancellationError: self = .quietly(.interrupted)
        default: self.init(.failure, "\(error)")
        }
    }

    private init(_ error: RemoteError, about subject: String?) {
        let place = subject.map { "\($0) answered with " } ?? ""
        self.init(.remoteError, place + "the error \(error)")
    }

    private init(_ error: LymphError) {
        switch error.code {
        case .timeout:
            self.init(
                .timeout, error.message,
                advice: "the method may have run all the same; try a longer --timeout, or `lymph doctor`")
        case .nack: self.init(refusal: error)
        case .lookupFailure:
            if let cause = error.cause as? RegistryError {
                self.init(cause)
            } else {
                self.init(.registryUnavailable, error.message, advice: "is the registry running?")
            }
        case .notConnected:
            self.init(.notConnected, error.message, advice: "`lymph doctor` finds out why")
        case .connectionLost:
            self.init(.unknownOutcome, error.message, advice: "the method may have run all the same")
        case .invalidReply: self.init(.invalidReply, error.message)
        case .invalidRequest: self.init(.usage, error.message)
        case .configuration: self.init(.configuration, error.message)
        case .bindFailure where error.isOutOfDescriptors: self.init(.failure, error.message)
        case .bindFailure: self.init(.configuration, error.message, advice: "is --ip an address of this machine?")
        case .registrationFailure: self.init(.registryUnavailable, error.message)
        default: self.init(.failure, error.message)
        }
    }

    private init(refusal error: LymphError) {
        let advice =
            switch error.reason {
            case .rejected: "`lymph inspect` shows its methods and their parameters; nothing was executed"
            case .overloaded: "it has too much to do; try again later; nothing was executed"
            case .draining: "it is about to stop; try again; nothing was executed"
            case .expired: "its time was over before it began; try a longer --timeout; nothing was executed"
            case .unauthorized: "it doesn't let you do this; nothing was executed"
            case .failed: "the method failed with an error that it doesn't declare; its log says which"
            default: "the method, its arguments or its version are wrong, or it failed: see `lymph inspect` and its log"
            }
        self.init(.refused, error.message, advice: advice)
    }

    private init(_ error: ConfigurationError) {
        let lines = error.problems.map(\.description)
        self.init(.configuration, lines.first ?? "", details: lines.dropFirst().map { "  " + $0 })
    }

    private init(_ error: RegistryError) {
        switch error.code {
        case .lookupFailed:
            self.init(.unknownService, error.message, advice: "`lymph discover` shows the names")
        case .invalidName: self.init(.usage, error.message)
        default:
            self.init(.registryUnavailable, error.explanation)
        }
    }
}
