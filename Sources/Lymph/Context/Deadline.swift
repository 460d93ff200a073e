package import ZeroMQ

/// When the caller of the current request gives up.
///
/// ```swift
/// RPC("render", "page") { (me, page: Int) in
///     // The caller has no use for a picture that comes too late.
///     let quality = if let left = Deadline.current?.remaining, left < .seconds(1) { 0.5 } else { 1.0 }
///     return try await me.render(page, quality)
/// }
/// ```
///
/// Swift callers send it with every request, as the time that is left, so that no clocks are compared. When it passes,
/// the task of the method is cancelled, and nothing is answered any more. Calls that a method makes take the smaller of
/// their own timeout and what is left; see ``CallOptions/inheritsDeadline``.
public struct Deadline: Sendable {
    package let moment: Instant
    private let time: any TimeSource

    package init(_ moment: Instant, by time: any TimeSource) {
        self.moment = moment
        self.time = time
    }

    /// The deadline of the request that the current task works for: within a method, in the child tasks and `Task {}`s
    /// that it starts, and in interceptors. Nil elsewhere, and if the caller gave none, as Python peers do.
    public static var current: Deadline? { Scope.current?.request?.deadline }

    /// The time that is left; zero when the deadline has passed.
    public var remaining: Duration { max(.zero, moment - time.now) }

    /// The deadline on Swift's own clock, for functions that take one.
    public var instant: ContinuousClock.Instant { .now + remaining }
}
