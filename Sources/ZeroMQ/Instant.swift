internal import Glibc

/// A moment of the clock that goes on while the machine sleeps, as `ContinuousClock` has it.
///
/// The layout of that clock's instant is hidden in the standard library, so that each use of one, even a copy, goes through the
/// runtime. Every call is looked at with its times, and this is a number.
package struct Instant: InstantProtocol, BitwiseCopyable {
    // Since the machine was started.
    private let nanoseconds: Int64

    private init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A moment to begin with, for a time of one's own: the start of the machine.
    package static let origin = Instant(nanoseconds: 0)

    /// This moment.
    package static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    /// The moment after `duration`, or the last one that there is: some 290 years from now.
    package func advanced(by duration: Duration) -> Instant {
        let step = Int64(clamping: duration.attoseconds / 1_000_000_000)
        let (sum, isOver) = nanoseconds.addingReportingOverflow(step)
        return Instant(nanoseconds: isOver ? (step > 0 ? .max : .min) : sum)
    }

    package func duration(to other: Instant) -> Duration { .nanoseconds(other.nanoseconds &- nanoseconds) }

    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    package static func + (moment: Instant, duration: Duration) -> Instant { moment.advanced(by: duration) }
    package static func - (a: Instant, b: Instant) -> Duration { b.duration(to: a) }

    /// The time since another moment in seconds; without the detour of a `Duration`, whose division takes its time.
    package func seconds(since other: Instant) -> Double { Double(nanoseconds &- other.nanoseconds) * 1e-9 }
}
