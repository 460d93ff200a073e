internal import MessagePack
package import ZeroMQ

/// The header `age_ms` of the answer to a ping: how long the answering process has been open for messages. It is
/// relative, so the processes need no common clock.
///
/// Python lymph neither sends nor reads it.
package struct AgeHeader: Sendable, Hashable {
    package let milliseconds: UInt64

    package init(milliseconds: UInt64) { self.milliseconds = milliseconds }

    /// The age of a process at a time; rounded down.
    package init(of opening: Instant, at now: Instant) {
        milliseconds = UInt64(max(opening.nanoseconds(until: now), 0)) / 1_000_000
    }

    /// Reads the value of the header. Anything but an integer that is not negative counts as no header.
    init?(_ value: Value) {
        switch value {
        case .int(let number) where number >= 0: milliseconds = UInt64(number)
        case .uint(let number): milliseconds = number
        default: return nil
        }
    }

    /// The earliest time, by our clock, at which the process can have opened.
    ///
    /// The age was taken after the ping was sent, so counting back from then never leads to a time after the opening.
    /// Whatever takes long on the way of the ping or its answer, or stands still, only leads further back. A thousandth
    /// is allowed for clocks that run at different speeds, and a millisecond for the rounding.
    ///
    /// - Parameter asked: When the ping was sent.
    package func earliestOpening(asked: Instant) -> Instant {
        let age = Int64(clamping: milliseconds)
        return asked.advanced(byMilliseconds: -age).advanced(byMilliseconds: -(age / 1000) - 1)
    }
}
