package import ZeroMQ

/// Something that knows the time: that of the machine, or a virtual one.
package protocol TimeSource: Sendable {
    /// The current time.
    var now: Instant { get }
}
