internal import Logging
internal import ZeroMQ

/// The lines of a poller that its peers cause, by what is limited together.
enum RepeatedLine: Sendable, Hashable {
    case dropped(DropReason)
    /// A request that failed. The reasons of methods may be any text: these are one kind.
    case rejected, overloaded, draining, failed
    case tooLarge
    case levelChanged

    init(_ reason: NackReason) {
        self =
            switch reason {
            case .rejected: .rejected
            case .overloaded: .overloaded
            case .draining: .draining
            default: .failed
            }
    }

    var text: Logger.Message {
        switch self {
        case .dropped: "dropped a message"
        case .rejected, .overloaded, .draining, .failed: "request failed"
        case .tooLarge: "an answer is larger than the limit"
        case .levelChanged: "log level changed"
        }
    }

    var level: Logger.Level {
        switch self {
        // An answer that comes late is everyday; all else is somebody's mistake, or worse.
        case .dropped(.unknownReply): .debug
        case .levelChanged: .notice
        default: .info
        }
    }

    fileprivate var reason: String? {
        switch self {
        case .dropped(let reason): reason.rawValue
        case .tooLarge, .levelChanged: nil
        default: "\(self)"
        }
    }
}

/// What the poller logs.
extension Poller {
    /// Logs a line that a peer causes, unless there were too many of its kind.
    func log(_ line: RepeatedLine, _ metadata: @autoclosure () -> Logger.Metadata) {
        guard logger.logLevel <= line.level, logLimit.admit(line, at: loop.now) else { return }
        logger.log(level: line.level, line.text, metadata: metadata())
    }

    /// Logs what there is to say of all lines that were not written so far.
    func logAllSums() { logSums(logLimit.takeAll(at: loop.now)) }

    /// Logs how many lines were not written.
    func logSums(_ sums: [LogLimit<RepeatedLine>.Sum]) {
        for sum in sums {
            let seconds = max(1, Int((sum.time / .seconds(1)).rounded()))
            logger.log(
                level: sum.kind.level, "\(sum.kind.text): \(sum.count) more in \(seconds) s",
                metadata: sum.kind.reason.map { [LogKey.reason: "\($0)"] })
        }
    }

    /// Counts and logs something that came in and goes no further.
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
