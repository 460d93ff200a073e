internal import MessagePack
package import ZeroMQ

/// The header `timeout_ms`: how long the caller of a request still waits for an answer when the request leaves its
/// process. It is relative, so the processes need no common clock.
///
/// Python lymph neither sends nor reads it.
package struct TimeoutHeader: Sendable, Hashable {
    /// At most 49 days; longer ones are cut to that.
    package let milliseconds: UInt32

    package init(milliseconds: UInt32) { self.milliseconds = milliseconds }

    /// The time that is left until a deadline: rounded to the nearest, so that the errors of several processes in a row
    /// don't add up; but not to zero, unless nothing is left.
    package init(from now: Instant, until deadline: Instant) {
        let left = now.nanoseconds(until: deadline)
        let rounded = left / 1_000_000 + (left % 1_000_000 >= 500_000 ? 1 : 0)
        milliseconds = left <= 0 ? 0 : UInt32(clamping: max(1, rounded))
    }

    /// Reads the value of the header. Anything but a number that is not negative counts as no header.
    init?(_ value: Value) {
        switch value {
        case .int(let number) where number >= 0: milliseconds = UInt32(clamping: number)
        case .uint(let number): milliseconds = UInt32(clamping: number)
        case .double(let number) where number >= 0: milliseconds = UInt32(min(number, Double(UInt32.max)))
        default: return nil
        }
    }

    /// The deadline of a request that has arrived.
    package func deadline(after arrival: Instant) -> Instant { arrival.advanced(byMilliseconds: Int64(milliseconds)) }
}
