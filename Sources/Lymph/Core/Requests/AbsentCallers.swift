internal import ZeroMQ

/// The callers whose connection to us is gone while their requests run or wait. Who stays away gives them up; a network
/// that was interrupted for a moment gives up nothing.
struct AbsentCallers {
    private var absences: [Endpoint: Instant] = [:]
    /// When ``takeDeparted(at:)`` may next return something.
    private(set) var nextDeadline: Instant?

    /// How long a caller may be absent: as long as it waits itself without a connection, and the time in which it is
    /// heard again after that, because it sends pings while it waits.
    static let patience = Health.silence + Health.pingInterval

    // Callers can make up names. Beyond this limit an absence goes unnoticed.
    private static let capacity = 4096

    var isEmpty: Bool { absences.isEmpty }

    /// The connection of a caller is gone. Only the first time since it was heard counts.
    mutating func leave(_ caller: Endpoint, at now: Instant) {
        guard absences[caller] == nil, absences.count < Self.capacity else { return }
        absences[caller] = now
        // The earlier ones come first.
        if nextDeadline == nil { nextDeadline = now + Self.patience }
    }

    /// A message came over a caller's connection.
    mutating func hear(_ caller: Endpoint) {
        absences[caller] = nil
        if absences.isEmpty { nextDeadline = nil }
    }

    /// Removes and returns the callers that have been absent for too long, sorted.
    mutating func takeDeparted(at now: Instant) -> [Endpoint] {
        guard let nextDeadline, nextDeadline <= now else { return [] }
        // Not in the order of the table, which differs from run to run.
        let departed = absences.filter { now - $0.value >= Self.patience }.keys.sorted()
        for caller in departed { absences[caller] = nil }
        self.nextDeadline = absences.values.min().map { $0 + Self.patience }
        return departed
    }
}
