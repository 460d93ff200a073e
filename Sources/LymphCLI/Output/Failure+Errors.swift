internal import Lymph
internal import LymphFleet
internal import LymphService

extension Failure {
    /// Explains any error that can occur in a command.
    ///
    /// - Parameter subject: What the command was about, such as the method or the service.
    init(_ error: any Error, about subject: String? = nil) {
        if let failure = error as? Failure {
            self = failure
            return
        }
        let failure = FleetFailure(error, about: subject)
        guard failure.kind != .interrupted else {
            self = .quietly(.interrupted)
            return
        }
        let others = (error as? ConfigurationError)?.problems.dropFirst() ?? []
        self.init(
            ExitStatus(failure.kind), failure.message,
            details: others.map { "  " + $0.description } + failure.details + Self.data(of: error),
            advice: failure.advice ?? Self.advice(about: error), section: Self.section(about: error))
    }

    /// The section of the article, except for what is an answer rather than a trouble, or a mistake on the command line.
    private static func section(about error: any Error) -> TroubleshootingSection? {
        switch (error as? ExplainedRefusal)?.refusal ?? error {
        case is RemoteError: nil
        case let error as LymphError where error.code == .invalidRequest: nil
        case let error as any ExplainedError: error.section
        case let error as FleetFailure where error.kind == .registryUnavailable: .registry
        case let error as FleetFailure where error.kind == .notConnected: .noConnection
        default: nil
        }
    }

    /// What a declared error carries.
    private static func data(of error: any Error) -> [String] {
        guard let data = (error as? RemoteError)?.data else { return [] }
        return ValueText(width: 78).lines(of: data).map { "  " + $0.text(Style(isColored: false)) }
    }

    /// What to do about an error, in terms of this tool's options and commands.
    private static func advice(about error: any Error) -> String? {
        switch error {
        case let error as LymphError: advice(about: error)
        case let error as RegistryError where error.code == .lookupFailure: "`lymph discover` shows the names"
        default: nil
        }
    }

    private static func advice(about error: LymphError) -> String? {
        switch error.code {
        case .timeout: "the method may have run anyway; try a longer --timeout, or `lymph doctor`"
        case .nack: advice(aboutRefusal: error)
        case .lookupFailure: (error.cause as? RegistryError).map { advice(about: $0) } ?? "is the registry running?"
        case .notConnected: "`lymph doctor` finds out why"
        case .connectionLost: "the method may have run anyway"
        case .bindFailure where !error.isOutOfDescriptors: "is --ip an address of this machine?"
        default: nil
        }
    }

    private static func advice(aboutRefusal error: LymphError) -> String {
        switch error.reason {
        // The service itself says what is wrong.
        case .rejected where error.hasDetail, .unauthorized where error.hasDetail: "nothing was executed"
        case .rejected: "`lymph inspect` shows its methods and their parameters; nothing was executed"
        case .overloaded: "it is overloaded; try again later; nothing was executed"
        case .draining: "it is about to stop; try again; nothing was executed"
        case .expired: "the time was over before the method started; try a longer --timeout; nothing was executed"
        case .unauthorized: "you are not allowed to call this; nothing was executed"
        case .failed: "the method failed with an error that it doesn't declare; its log says which"
        default: "the method, its arguments or its version are wrong, or it failed: see `lymph inspect` and its log"
        }
    }
}

extension LymphError {
    /// Whether the service said in words why it refused the request.
    fileprivate var hasDetail: Bool { answer?.headers["detail"] != nil }
}
