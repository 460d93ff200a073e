internal import Logging
internal import ZeroMQ

/// Log lines that peers can cause. Each case has its own rate limit, see ``LogLimit``.
enum RepeatedLine: Sendable, Hashable {
    case dropped(DropReason)
    /// A request that was refused. Methods can give any text as a reason: all of those are one kind, `refused`.
    case rejected, overloaded, draining, refused
    /// A method that failed: a mistake of the service, not of a peer.
    case failed
    case tooLarge
    case levelChanged
    /// A service that we call does not admit us.
    case barred

    init(_ reason: NackReason) {
        self =
            switch reason {
            case .rejected: .rejected
            case .overloaded: .overloaded
            case .draining: .draining
            case .failed: .failed
            default: .refused
            }
    }

    var text: Logger.Message {
        switch self {
        case .dropped: "dropped a message"
        case .rejected, .overloaded, .draining, .refused, .failed: "request failed"
        case .tooLarge: "an answer is larger than the limit"
        case .levelChanged: "log level changed"
        case .barred: "a service does not admit this process"
        }
    }

    var level: Logger.Level {
        switch self {
        // Late answers are normal; everything else is somebody's mistake, or worse.
        case .dropped(.unknownReply): .debug
        case .levelChanged: .notice
        case .failed: .error
        case .barred: .warning
        default: .info
        }
    }

    fileprivate var reason: String? {
        switch self {
        case .dropped(let reason): reason.rawValue
        case .tooLarge, .levelChanged, .barred: nil
        default: "\(self)"
        }
    }
}

/// Logging.
extension Poller {
    /// Logs a line that a peer caused, unless the rate limit of its kind is reached.
    func log(_ line: RepeatedLine, _ metadata: @autoclosure () -> Logger.Metadata) {
        guard logger.logLevel <= line.level, logLimit.admit(line, at: loop.now) else { return }
        logger.log(level: line.level, line.text, metadata: metadata())
    }

    /// Logs how many lines of each kind were suppressed so far, due or not.
    func logAllSums() { logSums(logLimit.takeAll(at: loop.now)) }

    /// Logs how many lines were suppressed.
    func logSums(_ sums: [LogLimit<RepeatedLine>.Sum]) {
        for sum in sums {
            let seconds = max(1, Int((sum.time / .seconds(1)).rounded()))
            logger.log(
                level: sum.kind.level, "\(sum.kind.text): \(sum.count) more in \(seconds) s",
                metadata: sum.kind.reason.map { [LogKey.reason: "\($0)"] })
        }
    }

    /// Counts and logs a message that is dropped.
    func drop(_ reason: DropReason, _ text: String, from peer: Endpoint?) {
        statistics.countDrop(reason)
        log(
            .dropped(reason),
            [LogKey.reason: "\(reason.rawValue)", LogKey.error: "\(text.shortened)"].merging(
                peer.map { [LogKey.peer: "\($0)"] } ?? [:]
            ) { $1 })
    }

    func logFailure(_ subject: String, _ refusal: Refusal, _ trace: TraceID) {
        log(
            RepeatedLine(refusal.reason),
            [
                LogKey.method: "\(subject.shortened)", LogKey.reason: "\(refusal.reason)",
                LogKey.error: "\(refusal.text.shortened)", LogKey.traceID: "\(trace.text.shortened)",
            ])
    }
}
