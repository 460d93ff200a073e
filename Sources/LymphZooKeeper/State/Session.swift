/// The life cycle of successive sessions with ZooKeeper.
struct Session: Sendable {
    /// What the registry has to do.
    enum Action: Sendable, Hashable {
        /// Open a new session; all its events carry the number.
        case open(Int)
        /// Open a new session after a while.
        case openLater(Duration)
        /// Call ``Session/connectionIsMissing(since:)`` with the number when the session should have expired.
        case giveUpLater(Int)
        /// The session is over; release the handle.
        case close
        /// Requests are served. Everything must be registered in `session`, if it isn't yet.
        case online(session: Int64)
        /// Requests are not served for now.
        case offline
    }

    private enum State: Hashable {
        /// Nobody has needed ZooKeeper yet. → connecting
        case idle
        /// A handle is being opened, or looks for a server. → online, waiting
        case connecting
        /// → connecting, when only the connection is lost; waiting
        case online(Int64)
        /// The last session has failed; the next one starts later. → connecting
        case waiting
        /// The registry is closed. Final.
        case closed
    }

    private var state = State.idle
    /// Of the handle that was opened last.
    private(set) var number = 0
    private var failures = 0
    /// Counts how often a connection was established or lost.
    private var changes = 0
    private var past: Set<Int64> = []

    /// The session in which requests are currently served.
    var current: Int64? {
        if case .online(let session) = state { session } else { nil }
    }

    /// The current session, or the last one.
    private(set) var latest: Int64?

    /// Whether events of the handle with this number still matter.
    func isWaiting(for number: Int) -> Bool {
        switch state {
        case .connecting, .online: number == self.number
        case .idle, .waiting, .closed: false
        }
    }

    /// Whether the registry was closed.
    var isClosed: Bool { state == .closed }

    /// Whether a session, living or dead, is or was ours.
    func isOurs(_ session: Int64) -> Bool { past.contains(session) }

    /// Somebody needs ZooKeeper.
    mutating func start() -> [Action] {
        guard state == .idle else { return [] }
        return open()
    }

    /// The delay of ``Action/openLater(_:)`` is over.
    mutating func timeIsUp() -> [Action] {
        guard state == .waiting else { return [] }
        return open()
    }

    /// The handle with the number could not be opened.
    mutating func openingFailed(_ number: Int) -> [Action] {
        guard isWaiting(for: number) else { return [] }
        return reopenLater()
    }

    /// Handles a session event of the handle with the number.
    mutating func handle(_ event: SessionEvent, of number: Int) -> [Action] {
        guard isWaiting(for: number) else { return [] }
        switch event {
        case .connected(let session):
            failures = 0
            state = .online(session)
            latest = session
            past.insert(session)
            return [.online(session: session)]
        case .disconnected:
            guard current != nil else { return [] }
            state = .connecting
            changes += 1
            return [.offline, .giveUpLater(changes)]
        case .expired:
            return (current == nil ? [] : [.offline]) + [.close] + open()
        case .authenticationFailed:
            return (current == nil ? [] : [.offline]) + [.close] + reopenLater()
        }
    }

    /// There has been no connection for so long that the session has probably expired.
    ///
    /// A server that has lost its data refuses a client that has seen newer data, for ever, and without reporting
    /// that the session has expired. It would accept a new session.
    mutating func connectionIsMissing(since change: Int) -> [Action] {
        guard change == changes, state == .connecting else { return [] }
        return [.close] + open()
    }

    /// Nobody needs ZooKeeper any longer.
    mutating func close() -> [Action] {
        guard state != .closed else { return [] }
        let wasOnline = current != nil
        state = .closed
        return wasOnline ? [.offline, .close] : [.close]
    }

    private mutating func open() -> [Action] {
        state = .connecting
        changes += 1
        number += 1
        return [.open(number)]
    }

    /// A tenth of a second the first time, doubled each further time, at most five seconds.
    private mutating func reopenLater() -> [Action] {
        state = .waiting
        failures += 1
        return [.openLater(.milliseconds(min(5000, 50 << min(failures, 10))))]
    }
}
