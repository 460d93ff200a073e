internal import Lymph
internal import LymphFleet
internal import LymphService

extension ExitStatus {
    /// The statuses of commands; the others are used only by services.
    static let ofCommands = allCases.filter { ![.unavailable, .software, .address, .logFile].contains($0) }

    /// The status for a kind of failure.
    init(_ kind: FailureKind) {
        self =
            switch kind {
            case .other: .failure
            case .remoteError: .remoteError
            case .refused: .refused
            case .timeout: .timeout
            case .unknownService: .unknownService
            case .notConnected: .notConnected
            case .registryUnavailable: .registryUnavailable
            case .invalidReply: .invalidReply
            case .unknownOutcome: .unknownOutcome
            case .usage: .usage
            case .invalidJSON: .invalidJSON
            case .configuration: .configuration
            case .interrupted: .interrupted
            }
    }

    /// The meaning of the code, for the help.
    var meaning: String {
        switch self {
        case .success: "success"
        case .failure: "any other failure"
        case .remoteError: "the method raised an error that it declares"
        case .refused: "the service refused the request (NACK); nothing was executed"
        case .timeout: "no answer in time; whether the method ran is unknown"
        case .unknownService: "no service of this name is in the registry"
        case .notConnected: "no instance could be reached; nothing was sent"
        case .registryUnavailable, .unavailable: "the registry can't be reached or read"
        case .invalidReply: "the answer can't be read"
        case .problemsFound: "doctor found problems"
        case .unknownOutcome: "the request was sent and failed; the method may have run"
        case .usage: "invalid options, address or subject"
        case .invalidJSON: "the arguments are not valid JSON, or not what the method takes"
        case .software: "an interface failed, or any other failure"
        case .address: "can't listen on the address"
        case .logFile: "the log file can't be opened"
        case .configuration: "a mistake in the configuration"
        case .interrupted: "interrupted (Ctrl-C, SIGTERM)"
        case .brokenPipe: "nobody reads the output any more"
        }
    }

    /// The codes with their meanings, one per line, for the help.
    static func table(of statuses: [ExitStatus] = ofCommands) -> String {
        let lines = statuses.map { status in
            let number = String(status.rawValue)
            return String(repeating: " ", count: 5 - number.count) + number + "  " + status.meaning
        }
        return (["Exit codes:"] + lines).joined(separator: "\n")
    }
}
