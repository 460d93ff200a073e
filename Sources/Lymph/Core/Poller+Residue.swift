/// What is left in the poller's tables, for tests of fleets at rest.
extension Poller {
    /// Calls, requests, messages and waiters that have not ended, in words; empty if there are none.
    package var residue: [String] {
        var all: [String] = []
        if calls.count > 0 { all.append("\(calls.count) calls wait") }
        if requests.running > 0 { all.append("\(requests.running) requests run") }
        if requests.openChannels > 0 { all.append("\(requests.openChannels) reply channels are open") }
        if peers.waitingAnswers > 0 { all.append("\(peers.waitingAnswers) answers are queued") }
        if !whenIdle.isEmpty { all.append("\(whenIdle.count) tasks wait for the end of requests") }
        for peer in peers.summaries(at: loop.now) where peer.outstanding != 0 || peer.waiting > 0 {
            all.append("\(peer.outstanding) calls outstanding at \(peer.endpoint), \(peer.waiting) messages queued")
        }
        return all
    }
}
