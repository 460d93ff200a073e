import Testing

@testable import Lymph

@Suite("Peers that are dialled")
struct PeerTableTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("there is a limit for new peers, not for known ones")
    func limit() {
        var peers = PeerTable(limit: 3)
        for number in 0..<3 { #expect(peers.use(.number(number), now: at(0)) == true) }
        #expect(peers.use(.number(3), now: at(1)) == false)
        #expect(peers.use(.number(0), now: at(1)) == true)
        #expect(peers.count == 3)
        #expect(peers.idle(at: at(60)) == [.number(1), .number(2)])
        #expect(peers.use(.number(3), now: at(60)) == true)
        #expect(peers.use(.number(4), now: at(60)) == true)
        #expect(peers.use(.number(5), now: at(60)) == false)
    }

    @Test("peers that we choose ourselves are not subject to the limit, but count")
    func ourChoice() {
        var peers = PeerTable(limit: 2)
        #expect(peers.use(.number(0), now: at(0)) == true)
        for number in 1..<5 { #expect(peers.use(.number(number), now: at(0), isOurChoice: true) == true) }
        #expect(peers.count == 5)
        #expect(peers.use(.number(9), now: at(1)) == false)
        // One that is there already is used by whoever likes.
        #expect(peers.use(.number(3), now: at(1)) == true)
        #expect(peers.idle(at: at(60)).count == 4)
        #expect(peers.count == 1)
        #expect(peers.use(.number(9), now: at(60)) == true)
    }

    @Test("a limit of zero lets no stranger in")
    func zero() {
        var peers = PeerTable(limit: 0)
        #expect(peers.use(.number(0), now: at(0)) == false)
        #expect(peers.count == 0)
        #expect(peers.nextCheck == nil)
    }

    @Test("a peer goes a minute after its last use, at the next check")
    func idle() {
        var peers = PeerTable(limit: 10)
        #expect(peers.nextCheck == nil)
        #expect(peers.use(.number(0), now: at(0)) == true)
        #expect(peers.nextCheck == at(10))
        #expect(peers.use(.number(1), now: at(5)) == true)
        #expect(peers.nextCheck == at(10))
        for time in stride(from: 10, through: 50, by: 10) {
            #expect(peers.idle(at: at(time)) == [])
            #expect(peers.nextCheck == at(time + 10))
        }
        #expect(peers.use(.number(1), now: at(55)) == true)
        #expect(peers.idle(at: at(60)) == [.number(0)])
        #expect(peers.count == 1)
        #expect(peers.nextCheck == at(70))
        #expect(peers.idle(at: at(114)) == [])
        #expect(peers.idle(at: at(124)) == [.number(1)])
        #expect(peers.count == 0)
        #expect(peers.nextCheck == nil)
    }

    @Test("nothing is looked at before the check is due")
    func checks() {
        var peers = PeerTable(limit: 10)
        _ = peers.use(.number(0), now: at(0))
        #expect(peers.idle(at: at(100)) { _ in true } == [])
        #expect(peers.nextCheck == at(110))
        #expect(peers.idle(at: at(109)) == [])
        #expect(peers.nextCheck == at(110))
        #expect(peers.idle(at: at(110)) == [.number(0)])
    }

    @Test("a peer that is needed stays until it no longer is")
    func needed() {
        var peers = PeerTable(limit: 10)
        for number in 0..<4 { _ = peers.use(.number(number), now: at(0)) }
        #expect(
            peers.idle(at: at(60)) { $0 == .number(1) || $0 == .number(2) } == [.number(0), .number(3)])
        #expect(peers.idle(at: at(70)) { $0 == .number(1) } == [.number(2)])
        #expect(peers.count == 1)
        #expect(peers.idle(at: at(80)) == [.number(1)])
    }

    @Test("a peer that comes back is new")
    func again() {
        var peers = PeerTable(limit: 1)
        _ = peers.use(.number(0), now: at(0))
        #expect(peers.idle(at: at(60)) == [.number(0)])
        #expect(peers.use(.number(0), now: at(100)) == true)
        #expect(peers.nextCheck == at(110))
        #expect(peers.idle(at: at(159)) == [])
        #expect(peers.idle(at: at(170)) == [.number(0)])
    }
}

extension PeerTable {
    /// The idle peers in the order of their addresses.
    fileprivate mutating func idle(
        at now: ContinuousClock.Instant, isNeeded: (Endpoint) -> Bool = { _ in false }
    ) -> [Endpoint] {
        takeIdle(now: now, isNeeded: isNeeded).sorted { $0.description < $1.description }
    }
}
