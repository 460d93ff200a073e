import Glibc
import Synchronization

/// Hands out the times at which calls are due, at a fixed rate, each when it has come.
///
/// If no caller was free in time, the next one gets it late: the latency of a call counts from the time
/// at which it was due, so a service that stalls is charged for the calls that it held up.
final class Pacer: Sendable {
    private struct State {
        /// How many of the times have come, and how many were taken.
        var come = 0
        var taken = 0
        var waiting: [CheckedContinuation<UInt64?, Never>] = []
        var isOver = false
    }

    private let start, end: UInt64
    private let rate: Double
    private let state = Mutex(State())

    init(from start: UInt64, to end: UInt64, rate: Double) {
        self.start = start
        self.end = end
        self.rate = rate
    }

    private func time(_ number: Int) -> UInt64 { start + UInt64(Double(number) * 1e9 / rate) }

    /// The next time, when it has come; nil after the end.
    func next() async -> UInt64? {
        await withCheckedContinuation { continuation in
            let answer: UInt64?? = state.withLock { state in
                if state.isOver { return .some(nil) }
                guard state.taken < state.come else {
                    state.waiting.append(continuation)
                    return nil
                }
                state.taken += 1
                return time(state.taken - 1)
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Blocks its thread until the end.
    func run() {
        for number in 0... {
            let time = time(number)
            guard time < end else { break }
            var wake = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
            while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nil) == EINTR {}
            let taker = state.withLock { state in
                state.come += 1
                guard let taker = state.waiting.popLast() else { return nil as CheckedContinuation<UInt64?, Never>? }
                state.taken += 1
                return taker
            }
            taker?.resume(returning: time)
        }
        let left = state.withLock { state in
            defer { state.waiting = [] }
            state.isOver = true
            return state.waiting
        }
        for continuation in left { continuation.resume(returning: nil) }
    }
}
