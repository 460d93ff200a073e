/// The kind of a failure, for counting failures and for exit codes. The raw values appear in documents that programs
/// read.
package enum FailureKind: String, CaseIterable, Sendable {
    /// A failure without a kind of its own.
    case other = "failure"
    /// The method answered with an error that it declares.
    case remoteError = "remote_error"
    /// The service refused the request; nothing was executed.
    case refused
    /// There was no answer in time; whether the method ran is unknown.
    case timeout
    /// The registry knows no service of this name.
    case unknownService = "unknown_service"
    /// No instance could be reached; nothing was sent.
    case notConnected = "not_connected"
    /// The registry can't be reached or read.
    case registryUnavailable = "registry_unavailable"
    /// The answer can't be read.
    case invalidReply = "invalid_reply"
    /// The request was sent and failed; the method may have run.
    case unknownOutcome = "unknown_outcome"
    /// The request makes no sense: a bad address or subject.
    case usage
    /// The values are not valid JSON, or not what the method takes; nothing was sent.
    case invalidJSON = "invalid_json"
    /// A mistake in the configuration.
    case configuration
    /// The caller gave up waiting.
    case interrupted

    /// Whether certainly nothing was executed, so that it is safe to try again.
    package var promisesNothingRan: Bool {
        switch self {
        case .refused, .unknownService, .notConnected, .registryUnavailable, .usage, .invalidJSON, .configuration: true
        case .other, .remoteError, .timeout, .invalidReply, .unknownOutcome, .interrupted: false
        }
    }
}
