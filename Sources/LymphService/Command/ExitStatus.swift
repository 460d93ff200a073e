/// The exit codes, following `sysexits.h` where it has a suitable one. The numbers are part of the interface of
/// services and of the command `lymph`.
package enum ExitStatus: Int32, CaseIterable, Sendable {
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
    /// A service could not reach the registry; commands use ``registryUnavailable``.
    case unavailable = 69
    case software = 70
    case address = 71
    case logFile = 73
    case configuration = 78
    case interrupted = 130
    case brokenPipe = 141
}
