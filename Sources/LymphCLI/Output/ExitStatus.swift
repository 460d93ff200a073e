/// What the process tells its caller by its exit code. The numbers are part of the command's interface.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case failure = 1
    case remoteError = 3
    case refused = 4
    case timeout = 5
    case unknownService = 6
    case notConnected = 7
    case registryUnavailable = 8
    case invalidReply = 9
    case problemsFound = 10
    case unknownOutcome = 11
    case usage = 64
    case invalidJSON = 65
    case configuration = 78
    case interrupted = 130
    case brokenPipe = 141

    /// What the code means, for the help.
    var meaning: String {
        switch self {
        case .success: "everything went well"
        case .failure: "a failure that has no code of its own"
        case .remoteError: "the method answered with an error that it declares"
        case .refused: "the service refused the request (NACK); nothing was executed"
        case .timeout: "no answer in time; whether the method ran is unknown"
        case .unknownService: "the registry knows no service of this name"
        case .notConnected: "no instance could be reached; nothing was sent"
        case .registryUnavailable: "the registry can't be reached or read"
        case .invalidReply: "the answer can't be read"
        case .problemsFound: "doctor found problems"
        case .unknownOutcome: "the request was sent and failed; the method may have run"
        case .usage: "bad options, a bad address or subject"
        case .invalidJSON: "the JSON of the arguments is not valid"
        case .configuration: "a mistake in the configuration"
        case .interrupted: "interrupted (Ctrl-C, SIGTERM)"
        case .brokenPipe: "the reader of the output has gone"
        }
    }

    /// Whether the code says that the method did not run, so that it does no harm to try again.
    var promisesNothingRan: Bool {
        switch self {
        case .refused, .unknownService, .notConnected, .registryUnavailable, .usage, .invalidJSON, .configuration: true
        default: false
        }
    }

    /// A word for documents that programs read.
    var name: String {
        switch self {
        case .success: "success"
        case .failure: "failure"
        case .remoteError: "remote_error"
        case .refused: "refused"
        case .timeout: "timeout"
        case .unknownService: "unknown_service"
        case .notConnected: "not_connected"
        case .registryUnavailable: "registry_unavailable"
        case .invalidReply: "invalid_reply"
        case .problemsFound: "problems_found"
        case .unknownOutcome: "unknown_outcome"
        case .usage: "usage"
        case .invalidJSON: "invalid_json"
        case .configuration: "configuration"
        case .interrupted: "interrupted"
        case .brokenPipe: "broken_pipe"
        }
    }

    /// All codes with their meanings, one a line, for the help.
    static func table(of statuses: [ExitStatus] = allCases) -> String {
        let lines = statuses.map { status in
            let number = String(status.rawValue)
            return String(repeating: " ", count: 5 - number.count) + number + "  " + status.meaning
        }
        return (["Exit codes:"] + lines).joined(separator: "\n")
    }
}
