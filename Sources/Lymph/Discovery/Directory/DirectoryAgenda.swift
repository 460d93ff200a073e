internal import ZeroMQ

/// What a directory registry has to do later, and when.
struct DirectoryAgenda {
    /// Something to be done.
    enum Item: Hashable {
        /// Look at files again whose owners were alive against expectation, or of which it could not be told.
        case recheck([String], step: Int)
        /// Look at everything again.
        case startOver
        /// Look at what is registered here.
        case inspect
    }

    /// How long after its file was closed an owner is looked at again: the kernel drops the lock a moment later.
    private static let pauses: [Duration] = [
        .milliseconds(1), .milliseconds(5), .milliseconds(20), .milliseconds(100), .seconds(1),
    ]

    /// How long whoever removes files or the directory may take: it would be rude to put something back under the hands of
    /// `rm -r`.
    private static let removalTime: Duration = .milliseconds(100)

    /// How often the registrations are looked at though the kernel has told nothing: it does not tell of everything that
    /// happens above the directory, and there may be no room for a watch.
    private static let inspectionInterval: Duration = .seconds(10)

    private var timers = Timers<Item>()

    /// Whether everything is looked at again in any case.
    private(set) var isStartScheduled = false
    private var isInspectionScheduled = false

    /// When there is something to be done next.
    var next: Instant? { timers.next }

    /// Has files looked at again, for the last time after a second or so.
    ///
    /// - Parameter step: How often they were already.
    mutating func recheck(_ files: [String], step: Int, now: Instant) {
        guard !files.isEmpty, step < Self.pauses.count else { return }
        timers.add(.recheck(files, step: step), at: now + Self.pauses[step])
    }

    /// Has files looked at again that were alive when the watch began: an owner may have closed its file just before that, and
    /// still have held the lock.
    mutating func recheckLate(_ files: [String], now: Instant) {
        recheck(files, step: Self.pauses.count - 2, now: now)
    }

    /// Has everything looked at again after a while, once.
    mutating func startOver(after delay: Duration, now: Instant) {
        if isStartScheduled { return }
        isStartScheduled = true
        timers.add(.startOver, at: now + delay)
    }

    /// As ``startOver(after:now:)`` when whoever removes something has probably finished.
    mutating func startOverSoon(now: Instant) { startOver(after: Self.removalTime, now: now) }

    /// Has the registrations looked at when it is time for that.
    mutating func inspect(now: Instant) {
        if isInspectionScheduled { return }
        isInspectionScheduled = true
        timers.add(.inspect, at: now + Self.inspectionInterval)
    }

    /// Takes out what is to be done by now.
    mutating func takeDue(at now: Instant) -> [Item] {
        let items = timers.takeDue(at: now)
        if items.contains(.startOver) { isStartScheduled = false }
        if items.contains(.inspect) { isInspectionScheduled = false }
        return items
    }
}
