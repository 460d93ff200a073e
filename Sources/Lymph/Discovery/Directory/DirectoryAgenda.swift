internal import ZeroMQ

/// What a directory registry has to do later, and when.
struct DirectoryAgenda {
    /// A task.
    enum Item: Hashable {
        /// Check files again whose owners were unexpectedly alive, or whose state could not be determined.
        case recheck([String], step: Int)
        /// Scan everything again.
        case startOver
        /// Check what is registered here.
        case inspect
    }

    /// When an owner is checked again after its file was closed: the kernel releases the lock a moment later.
    private static let pauses: [Duration] = [
        .milliseconds(1), .milliseconds(5), .milliseconds(20), .milliseconds(100), .seconds(1),
    ]

    /// How long somebody who removes files or the directory may take: restoring something while `rm -r` is still
    /// running would interfere with it.
    private static let removalTime: Duration = .milliseconds(100)

    /// How often the registrations are checked without an event from the kernel: it does not report everything that
    /// happens above the directory, and a watch may be impossible.
    private static let inspectionInterval: Duration = .seconds(10)

    private var timers = Timers<Item>()

    /// Whether a full scan is due anyway.
    private(set) var isStartScheduled = false
    private var isInspectionScheduled = false

    /// The time of the next task.
    var next: Instant? { timers.next }

    /// Schedules another check of files; the last one is after about a second.
    ///
    /// - Parameter step: How often they have been checked already.
    mutating func recheck(_ files: [String], step: Int, now: Instant) {
        guard !files.isEmpty, step < Self.pauses.count else { return }
        timers.add(.recheck(files, step: step), at: now + Self.pauses[step])
    }

    /// Schedules a check of files that were alive when the watch began: an owner may have closed its file just before
    /// that, while the lock was not released yet.
    mutating func recheckLate(_ files: [String], now: Instant) {
        recheck(files, step: Self.pauses.count - 2, now: now)
    }

    /// Schedules a full scan, unless one is already scheduled.
    mutating func startOver(after delay: Duration, now: Instant) {
        if isStartScheduled { return }
        isStartScheduled = true
        timers.add(.startOver, at: now + delay)
    }

    /// Like ``startOver(after:now:)``, once whoever is removing something has probably finished.
    mutating func startOverSoon(now: Instant) { startOver(after: Self.removalTime, now: now) }

    /// Schedules the next periodic check of the registrations.
    mutating func inspect(now: Instant) {
        if isInspectionScheduled { return }
        isInspectionScheduled = true
        timers.add(.inspect, at: now + Self.inspectionInterval)
    }

    /// Takes out the tasks that are due.
    mutating func takeDue(at now: Instant) -> [Item] {
        let items = timers.takeDue(at: now)
        if items.contains(.startOver) { isStartScheduled = false }
        if items.contains(.inspect) { isInspectionScheduled = false }
        return items
    }
}
