import Synchronization

/// Records the latencies of the calls that ended within the measured time.
final class Recorder: Sendable {
    private let kept = Mutex(Histogram())
    private let begin, end: UInt64

    init(from begin: UInt64, to end: UInt64) {
        self.begin = begin
        self.end = end
    }

    var histogram: Histogram { kept.withLock { $0 } }

    func record(_ ended: UInt64, since started: UInt64) {
        if ended >= begin && ended < end { kept.withLock { $0.record(ended - started) } }
    }
}
