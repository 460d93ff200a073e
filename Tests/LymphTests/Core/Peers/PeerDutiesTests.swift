import Testing
import ZeroMQ

@testable import Lymph

@Suite("Duties towards a peer")
struct PeerTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    private func peer(isOurChoice: Bool = true) -> PeerRecord { PeerRecord(lastUse: start, isOurChoice: isOurChoice) }

    private func expect(
        _ peer: PeerRecord, at seconds: Double, isWaitedFor: Bool = false, _ duties: [PeerRecord.Duty], next: Duration,
        place: SourceLocation = #_sourceLocation
    ) {
        let found = peer.duties(at: at(seconds), isWaitedFor: isWaitedFor)
        #expect(found.duties == duties, sourceLocation: place)
        #expect(found.next == next, sourceLocation: place)
    }

    @Test("a healthy peer is checked from time to time, and more often if we call it")
    func well() {
        expect(peer(), at: 1, [], next: PeerRecord.busy)
        expect(peer(isOurChoice: false), at: 1, [], next: PeerRecord.idle)
    }

    @Test("a peer without a connection is checked when something follows from that", arguments: [true, false])
    func connecting(isOurChoice: Bool) {
        var peer = peer(isOurChoice: isOurChoice)
        peer.health.block(at: at(1))
        expect(peer, at: 1, [], next: .milliseconds(100))
        expect(peer, at: 1.0625, [], next: .microseconds(37_500))
        let duties: [PeerRecord.Duty] = isOurChoice ? [.reconnect, .avoid] : [.reconnect]
        for (time, next) in [(1.25, 500), (1.75, 250), (2, 500), (3.75, 250), (4, 500)] {
            expect(peer, at: time, duties, next: .milliseconds(next))
        }
    }

    @Test("an unreachable peer is reconnected to, and avoided if we call it")
    func unreachable() {
        for isOurChoice in [true, false] {
            var peer = peer(isOurChoice: isOurChoice)
            peer.health.block(at: at(1))
            expect(peer, at: 1.1, isOurChoice ? [.reconnect, .avoid] : [.reconnect], next: PeerRecord.busy)
            if isOurChoice { expect(peer, at: 50, [.reconnect, .avoid], next: PeerRecord.busy) }
        }
    }

    @Test("a silent peer is pinged and avoided; one that we only answer owes us nothing")
    func silent() {
        for isOurChoice in [true, false] {
            var peer = peer(isOurChoice: isOurChoice)
            peer.health.send(at: at(0))
            expect(peer, at: 0.9, [], next: isOurChoice ? PeerRecord.busy : PeerRecord.idle)
            expect(peer, at: 1, isOurChoice ? [.ping] : [], next: isOurChoice ? PeerRecord.busy : PeerRecord.idle)
            expect(
                peer, at: 3, isOurChoice ? [.ping, .avoid] : [], next: isOurChoice ? PeerRecord.busy : PeerRecord.idle)
        }
    }

    @Test("a peer that works for us is pinged, even if it was heard meanwhile")
    func working() {
        var peer = peer()
        peer.load.begin(at: at(0))
        peer.health.hear(at: at(0))
        expect(peer, at: 0.9, [], next: PeerRecord.busy)
        expect(peer, at: 1, [.ping], next: PeerRecord.busy)
    }

    @Test("an unused peer is dropped after a minute, unless we wait for it or it works for us")
    func idle() {
        for isOurChoice in [true, false] {
            let peer = peer(isOurChoice: isOurChoice)
            expect(peer, at: 59.9, [], next: isOurChoice ? PeerRecord.busy : PeerRecord.idle)
            expect(peer, at: 60, [.letGo], next: PeerRecord.idle)
            expect(peer, at: 60, isWaitedFor: true, [], next: isOurChoice ? PeerRecord.busy : PeerRecord.idle)
        }
        var busy = peer()
        busy.load.begin(at: at(0))
        expect(busy, at: 300, [.ping], next: PeerRecord.busy)
        busy.load.end(.abandoned, at: at(300))
        expect(busy, at: 300, [.letGo], next: PeerRecord.idle)
    }

    @Test("an unreachable stranger is dropped soon, with everything that waits for it")
    func stranger() {
        var peer = peer(isOurChoice: false)
        peer.health.block(at: at(1))
        expect(peer, at: 5.9, [.reconnect], next: PeerRecord.busy)
        expect(peer, at: 6, isWaitedFor: true, [.letGo], next: PeerRecord.idle)
        peer.isOurChoice = true
        expect(peer, at: 6, [.reconnect, .avoid], next: PeerRecord.busy)
    }
}
