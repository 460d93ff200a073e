import Testing
import ZeroMQ

@testable import Lymph

@Suite("What is to be done about a peer")
struct PeerTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    private func peer(isOurChoice: Bool = true) -> Peer { Peer(lastUse: start, isOurChoice: isOurChoice) }

    private func expect(
        _ peer: Peer, at seconds: Double, isWaitedFor: Bool = false, _ duties: [Peer.Duty], next: Duration,
        place: SourceLocation = #_sourceLocation
    ) {
        let found = peer.duties(at: at(seconds), isWaitedFor: isWaitedFor)
        #expect(found.duties == duties, sourceLocation: place)
        #expect(found.next == next, sourceLocation: place)
    }

    @Test("one that is well is looked at now and then, the more often if we call it")
    func well() {
        expect(peer(), at: 1, [], next: Peer.busy)
        expect(peer(isOurChoice: false), at: 1, [], next: Peer.idle)
    }

    @Test("one that may be there in a moment is looked at soon, whoever wants it", arguments: [true, false])
    func connecting(isOurChoice: Bool) {
        var peer = peer(isOurChoice: isOurChoice)
        peer.health.block(at: at(1))
        expect(peer, at: 1.09, [], next: Peer.urgent)
    }

    @Test("one that is out of reach is connected to again, and avoided if we call it")
    func unreachable() {
        for isOurChoice in [true, false] {
            var peer = peer(isOurChoice: isOurChoice)
            peer.health.block(at: at(1))
            expect(peer, at: 1.1, isOurChoice ? [.reconnect, .avoid] : [.reconnect], next: Peer.busy)
            if isOurChoice { expect(peer, at: 50, [.reconnect, .avoid], next: Peer.busy) }
        }
    }

    @Test("one that is silent is pinged and avoided; who only is answered owes us nothing")
    func silent() {
        for isOurChoice in [true, false] {
            var peer = peer(isOurChoice: isOurChoice)
            peer.health.send(at: at(0))
            expect(peer, at: 0.9, [], next: isOurChoice ? Peer.busy : Peer.idle)
            expect(peer, at: 1, isOurChoice ? [.ping] : [], next: isOurChoice ? Peer.busy : Peer.idle)
            expect(peer, at: 3, isOurChoice ? [.ping, .avoid] : [], next: isOurChoice ? Peer.busy : Peer.idle)
        }
    }

    @Test("one that has work for us is pinged, even if it has been heard meanwhile")
    func working() {
        var peer = peer()
        peer.load.begin(at: at(0))
        peer.health.hear(at: at(0))
        expect(peer, at: 0.9, [], next: Peer.busy)
        expect(peer, at: 1, [.ping], next: Peer.busy)
    }

    @Test("one that is not used goes after a minute, unless something of ours is there or waits for it")
    func idle() {
        for isOurChoice in [true, false] {
            let peer = peer(isOurChoice: isOurChoice)
            expect(peer, at: 59.9, [], next: isOurChoice ? Peer.busy : Peer.idle)
            expect(peer, at: 60, [.letGo], next: Peer.idle)
            expect(peer, at: 60, isWaitedFor: true, [], next: isOurChoice ? Peer.busy : Peer.idle)
        }
        var busy = peer()
        busy.load.begin(at: at(0))
        expect(busy, at: 300, [.ping], next: Peer.busy)
        busy.load.end(.abandoned, at: at(300))
        expect(busy, at: 300, [.letGo], next: Peer.idle)
    }

    @Test("a stranger's that can't be reached goes soon, with all that waits for it")
    func stranger() {
        var peer = peer(isOurChoice: false)
        peer.health.block(at: at(1))
        expect(peer, at: 5.9, [.reconnect], next: Peer.busy)
        expect(peer, at: 6, isWaitedFor: true, [.letGo], next: Peer.idle)
        peer.isOurChoice = true
        expect(peer, at: 6, [.reconnect, .avoid], next: Peer.busy)
    }
}
