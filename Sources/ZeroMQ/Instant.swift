internal import Glibc

/// A moment on a clock that keeps running while the machine sleeps, like `ContinuousClock`.
///
/// The layout of `ContinuousClock.Instant` is hidden in the standard library, so every use of one, even a copy, goes
/// through the runtime. Every call handles several times; this one is a plain number.
package struct Instant: InstantProtocol, BitwiseCopyable {
    /// Since the machine booted.
    package let nanoseconds: Int64

    private init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The start of the machine, as the origin of a virtual time.
    package static let origin = Instant(nanoseconds: 0)

    /// The current time.
    package static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    /// The moment after `duration`, clamped to the last one that can be expressed, some 290 years from now.
    package func advanced(by duration: Duration) -> Instant {
        let step = Int64(clamping: duration.attoseconds / 1_000_000_000)
        let (sum, isOver) = nanoseconds.addingReportingOverflow(step)
        return Instant(nanoseconds: isOver ? (step > 0 ? .max : .min) : sum)
    }

    /// The moment after a number of milliseconds. Cheaper than a `Duration`, which has to be divided.
    package func advanced(byMilliseconds milliseconds: Int64) -> Instant {
        let (step, isTooLong) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, isOver) = nanoseconds.addingReportingOverflow(step)
        return Instant(nanoseconds: isTooLong || isOver ? (milliseconds > 0 ? .max : .min) : sum)
    }

    /// The number of nanoseconds until another moment, clamped; negative if it has passed.
    package func nanoseconds(until other: Instant) -> Int64 {
        let (difference, isOver) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return isOver ? (other > self ? .max : .min) : difference
    }

    package func duration(to other: Instant) -> Duration { .nanoseconds(other.nanoseconds &- nanoseconds) }

    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    package static func + (moment: Instant, duration: Duration) -> Instant { moment.advanced(by: duration) }
    package static func - (a: Instant, b: Instant) -> Duration { b.duration(to: a) }

    /// How long a thread may wait in one go until a time, in milliseconds; -1, for no limit, without one.
    ///
    /// Rounded up, because waking early would only lead to another wait. At most a minute.
    func milliseconds(until time: Instant?) -> Int {
        guard let time else { return -1 }
        let left = time - self
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int(min(seconds, 60)) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1
    }

    /// The time since another moment, in seconds. Cheaper than dividing a `Duration`.
    package func seconds(since other: Instant) -> Double { Double(nanoseconds &- other.nanoseconds) * 1e-9 }
}
