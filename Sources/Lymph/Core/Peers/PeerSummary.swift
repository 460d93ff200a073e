internal import ZeroMQ

/// The state of a peer, for status and metrics.
struct PeerSummary {
    let endpoint: Endpoint
    let state: Health.State
    /// The smoothed round-trip time of pings.
    let roundTrip: Duration?
    /// See ``Health/phi(at:)``.
    let phi: Double?
    /// The number of calls in flight to it.
    let outstanding: Int
    /// The number of messages queued for it.
    let waiting: Int

    init(_ endpoint: Endpoint, _ peer: PeerRecord, waiting: Int, at now: Instant) {
        self.waiting = waiting
        self.endpoint = endpoint
        state = peer.health.state(at: now)
        roundTrip = peer.health.roundTrip
        phi = peer.health.phi(at: now)
        outstanding = peer.load.outstanding
    }
}
