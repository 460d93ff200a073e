import Testing
import ZeroMQ

@testable import Lymph

@Suite("Peers that are dialled")
struct PeerTableTests {
    private let start = Instant.now

    private func at(_ seconds: Int) -> Instant { start + .seconds(seconds) }

    @Test("a call makes its peer known, our choice, used and busy, whatever the limit is")
    func called() {
        var peers = PeerTable(limit: 1)
        #expect(peers.use(.number(0), now: at(0)) == true)
        for number in [0, 1, 1] {
            let before = peers[.number(number)]?.load.outstanding ?? 0
            peers.called(.number(number), at: at(1))
            #expect(peers[.number(number)]?.isOurChoice == true)
            #expect(peers[.number(number)]?.lastUse == at(1))
            #expect(peers[.number(number)]?.load.outstanding == before + 1)
            #expect(peers[.number(number)]?.connection.state(at: at(5)) == .unresponsive)
        }
        #expect(peers.count == 2)
        #expect(peers.nextCheck.map { $0 < at(2) } == true)
    }

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

    @Test("a peer with calls that wait is not let go, however long they take")
    func outstanding() {
        var peers = PeerTable(limit: 1)
        _ = peers.use(.number(0), now: at(0), isOurChoice: true)
        peers.update(.number(0)) { $0.load.begin(at: at(0)) }
        #expect(peers.idle(at: at(300)) == [])
        peers.update(.number(0)) { $0.load.end(.answered(.seconds(301)), at: at(301)) }
        #expect(peers.idle(at: at(310)) == [.number(0)])
    }

    @Test("a stranger's peer that can't be reached goes soon, one of ours stays")
    func strangers() {
        var peers = PeerTable(limit: 10)
        _ = peers.use(.number(0), now: at(0))
        _ = peers.use(.number(1), now: at(0), isOurChoice: true)
        _ = peers.use(.number(2), now: at(0))
        for number in 0...1 { peers.blocked(.number(number), now: at(0)) }
        #expect(peers.idle(at: at(4)) { _ in true } == [])
        #expect(peers.idle(at: at(5)) { _ in true } == [.number(0)])
        #expect(peers.count == 2)
    }

    @Test("a peer that something is due from is pinged each second; one that is only answered never is")
    func pings() {
        var peers = PeerTable(limit: 10)
        for number in 0...2 { _ = peers.use(.number(number), now: at(0), isOurChoice: number > 0) }
        for number in 0...1 { peers.update(.number(number)) { $0.load.begin(at: at(0)) } }
        #expect(peers.check(now: at(1)) { _ in false }.map(\.0) == [.number(1)])
        peers.update(.number(1)) { $0.connection.pinged(1, at: at(1)) }
        #expect(peers.tasks(at: start + .milliseconds(1400)) == [])
        #expect(peers.tasks(at: at(2)) == ["\(Endpoint.number(1)) ping"])
        peers.update(.number(1)) { $0.connection.heard(at: at(2)) }
        #expect(peers.tasks(at: start + .milliseconds(2600)) == [])
        peers.update(.number(1)) { $0.load.end(.answered(.zero), at: at(3)) }
        #expect(peers.tasks(at: at(30)) == [])
    }

    @Test("a peer that is silent or out of reach is to be avoided, at every check")
    func avoid() {
        var peers = PeerTable(limit: 10)
        for number in 0...1 { _ = peers.use(.number(number), now: at(0), isOurChoice: true) }
        peers.update(.number(0)) { $0.connection.pinged(1, at: at(0)) }
        peers.blocked(.number(1), now: at(0))
        #expect(peers.nextCheck == start + .milliseconds(50))
        #expect(peers.tasks(at: start + .milliseconds(99)) == [])
        #expect(
            peers.tasks(at: start + .milliseconds(150)) == [
                "\(Endpoint.number(1)) avoid", "\(Endpoint.number(1)) reconnect",
            ])
        #expect(peers.tasks(at: at(3)).filter { $0.hasSuffix("avoid") }.count == 2)
        peers.update(.number(0)) { $0.connection.heard(at: at(4)) }
        peers.update(.number(1)) { $0.connection.writable() }
        #expect(peers.tasks(at: at(4)).filter { $0.hasSuffix("avoid") } == [])
    }

    @Test("who only is answered is connected to again, too, as long as it is not given up")
    func reconnectStranger() {
        var peers = PeerTable(limit: 10)
        _ = peers.use(.number(0), now: at(0))
        peers.blocked(.number(0), now: at(0))
        #expect(peers.tasks(at: start + .milliseconds(99)) == [])
        #expect(peers.tasks(at: start + .milliseconds(150)) == ["\(Endpoint.number(0)) reconnect"])
        #expect(peers.nextCheck == start + .milliseconds(650))
        #expect(peers.tasks(at: at(5)) == ["\(Endpoint.number(0)) letGo"])
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
        at now: Instant, isNeeded: (Endpoint) -> Bool = { _ in false }
    ) -> [Endpoint] {
        check(now: now, isNeeded: isNeeded).filter { $0.1 == .letGo }.map(\.0).sorted {
            $0.description < $1.description
        }
    }

    /// What is to be done, in the order of the addresses.
    fileprivate mutating func tasks(at now: Instant) -> [String] {
        check(now: now) { _ in false }.map { "\($0.0) \($0.1)" }.sorted()
    }
}
