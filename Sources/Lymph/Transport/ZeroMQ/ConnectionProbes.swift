internal import ZeroMQ

/// Finds out which of the peers whose connections were lost are gone, because nobody listens at their endpoints any
/// more.
///
/// libzmq repeats an attempt to connect that has failed, and doesn't tell why it has. Therefore a failed attempt is
/// followed by a ``ConnectionProbe``. A peer that is well has taken libzmq's attempt, so it never sees one; any other
/// sees at most one for each lost connection.
final class ConnectionProbes {
    private let thread: PollThread
    private let report: (Endpoint) -> Void
    /// The peers of which nothing is known since their connections were lost.
    private var missing: Set<Endpoint> = []
    private var running: [Endpoint: (probe: ConnectionProbe, token: PollSet.Token)] = [:]

    /// How many may run at a time. A probe that finds no place is made up for after the next failed attempt.
    private static let limit = 16

    /// - Parameter report: Called on the thread for a peer that is gone, once after its connection was lost.
    init(on thread: PollThread, report: @escaping (Endpoint) -> Void) {
        self.thread = thread
        self.report = report
    }

    /// How many run.
    var count: Int { running.count }

    /// The connection to a peer is lost.
    func add(_ peer: Endpoint) { missing.insert(peer) }

    /// A peer is connected again, or no longer of interest.
    func remove(_ peer: Endpoint) {
        guard missing.remove(peer) != nil else { return }
        end(peer)
    }

    func removeAll() { for peer in missing { remove(peer) } }

    /// An attempt to connect to a peer has failed.
    func probe(_ peer: Endpoint) {
        // The last descriptors aren't for guesses.
        guard missing.contains(peer), running[peer] == nil, running.count < Self.limit,
            (try? Descriptors.require(1, for: "socket")) != nil, let probe = ConnectionProbe(peer)
        else { return }
        guard case .pending = probe.outcome else { return conclude(probe, about: peer) }
        let token = thread.pollSet.watch(probe.descriptor) { [unowned self] in
            end(peer)
            probe.update()
            conclude(probe, about: peer)
        }
        running[peer] = (probe, token)
    }

    private func conclude(_ probe: ConnectionProbe, about peer: Endpoint) {
        switch probe.outcome {
        case .pending, .undecided: break
        case .connected: missing.remove(peer)
        case .refused: if missing.remove(peer) != nil { report(peer) }
        }
    }

    private func end(_ peer: Endpoint) {
        if let (_, token) = running.removeValue(forKey: peer) { thread.pollSet.remove(token) }
    }
}
