import ZeroMQ

@testable import Lymph

extension Poller {
    /// How a peer is now.
    func summary(of peer: Endpoint) -> PeerSummary? {
        peers.summaries(at: .now).first { $0.endpoint == peer }
    }
}
