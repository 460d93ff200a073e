/// What kind of failure something ended with, for those who count failures or have a number for each kind. The texts are
/// words for documents that programs read.
package enum FailureKind: String, CaseIterable, Sendable {
    /// One that has no kind of its own.
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
    /// What was asked for makes no sense: a bad address or subject.
    case usage
    /// The JSON that stands for values is not valid.
    case invalidJSON = "invalid_json"
    /// A mistake in the configuration.
    case configuration
    /// Somebody wanted no answer any more.
    case interrupted

    /// Whether nothing was executed, so that it does no harm to try again.
    package var promisesNothingRan: Bool {
        switch self {
        case .refused, .unknownService, .notConnected, .registryUnavailable, .usage, .invalidJSON, .configuration: true
        case .other, .remoteError, .timeout, .invalidReply, .unknownOutcome, .interrupted: false
        }
    }
}
