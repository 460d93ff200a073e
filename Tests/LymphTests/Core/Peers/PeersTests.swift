import Testing
import ZeroMQ

@testable import Lymph

@Suite("Peers that are dialled")
struct PeersTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    private func peers(limit: Int = 10) -> Peers { Peers(limit: limit, byteLimit: 1_000_000) }

    @Test("a call makes its peer known, chosen by us, used and busy, whatever the limit")
    func called() {
        var peers = peers(limit: 1)
        #expect(peers.admits(.number(0), at: at(0)) == true)
        for number in [0, 1, 1] {
            let before = peers.outstanding(at: .number(number))
            peers.beginCall(to: .number(number), at: at(1))
            #expect(peers.outstanding(at: .number(number)) == before + 1)
            #expect(peers.state(of: .number(number), at: at(5)) == .unresponsive)
        }
        #expect(peers.count == 2)
        #expect(peers.nextDeadline.map { $0 < at(2) } == true)
        // Peers that we chose are pinged.
        #expect(peers.tasks(at: at(2)) == ["\(Endpoint.number(0)) ping", "\(Endpoint.number(1)) ping"])
        for number in [0, 1, 1] { peers.endCall(to: .number(number), .abandoned, at: at(2)) }
        #expect(peers.idle(at: at(60.9)) == [])
        #expect(peers.idle(at: at(61.5)) == [.number(0), .number(1)])
    }

    @Test("new peers are limited, known ones are not")
    func limit() {
        var peers = peers(limit: 3)
        for number in 0..<3 { #expect(peers.admits(.number(number), at: at(0)) == true) }
        #expect(peers.admits(.number(3), at: at(1)) == false)
        #expect(peers.admits(.number(0), at: at(1)) == true)
        #expect(peers.count == 3)
        #expect(peers.idle(at: at(60)) == [.number(1), .number(2)])
        #expect(peers.admits(.number(3), at: at(60)) == true)
        #expect(peers.admits(.number(4), at: at(60)) == true)
        #expect(peers.admits(.number(5), at: at(60)) == false)
    }

    @Test("peers that we choose ourselves are not subject to the limit, but count")
    func ourChoice() {
        var peers = peers(limit: 2)
        #expect(peers.admits(.number(0), at: at(0)) == true)
        for number in 1..<5 { peers.introduce(.number(number), at: at(0)) }
        #expect(peers.count == 5)
        #expect(peers.admits(.number(9), at: at(1)) == false)
        // A known peer can be used by everybody.
        #expect(peers.admits(.number(3), at: at(1)) == true)
        #expect(peers.idle(at: at(60)).count == 4)
        #expect(peers.count == 1)
        #expect(peers.admits(.number(9), at: at(60)) == true)
    }

    @Test("a limit of zero lets no stranger in")
    func zero() {
        var peers = peers(limit: 0)
        #expect(peers.admits(.number(0), at: at(0)) == false)
        #expect(peers.count == 0)
        #expect(peers.nextDeadline == nil)
    }

    @Test("a peer is dropped a minute after its last use, at the next check")
    func idle() {
        var peers = peers()
        #expect(peers.nextDeadline == nil)
        #expect(peers.admits(.number(0), at: at(0)) == true)
        #expect(peers.nextDeadline == at(10))
        #expect(peers.admits(.number(1), at: at(5)) == true)
        #expect(peers.nextDeadline == at(10))
        for time in stride(from: 10.0, through: 50, by: 10) {
            #expect(peers.idle(at: at(time)) == [])
            #expect(peers.nextDeadline == at(time + 10))
        }
        #expect(peers.admits(.number(1), at: at(55)) == true)
        #expect(peers.idle(at: at(60)) == [.number(0)])
        #expect(peers.count == 1)
        #expect(peers.nextDeadline == at(70))
        #expect(peers.idle(at: at(114)) == [])
        #expect(peers.idle(at: at(124)) == [.number(1)])
        #expect(peers.count == 0)
        #expect(peers.nextDeadline == nil)
    }

    @Test("nothing is checked before it is due")
    func looks() {
        var peers = peers()
        for time in [0.0, 50] { #expect(peers.admits(.number(0), at: at(time)) == true) }
        #expect(peers.idle(at: at(100)) == [])
        #expect(peers.nextDeadline == at(110))
        #expect(peers.idle(at: at(109)) == [])
        // It is due by now, but was not checked.
        #expect(peers.isKnown(.number(0)) == true)
        #expect(peers.nextDeadline == at(110))
        #expect(peers.idle(at: at(110)) == [.number(0)])
    }

    @Test("a peer stays until no call waits for it")
    func needed() {
        var peers = peers()
        for number in 0..<4 { #expect(peers.admits(.number(number), at: at(0)) == true) }
        let tickets = (1...2).map { peers.enqueueCall(.request(1), to: .number($0), at: at(0)) }
        #expect(peers.idle(at: at(60)) == [.number(0), .number(3)])
        peers.withdraw(tickets[1], from: .number(2))
        #expect(peers.idle(at: at(70)) == [.number(2)])
        #expect(peers.count == 1)
        peers.withdraw(tickets[0], from: .number(1))
        #expect(peers.idle(at: at(80)) == [.number(1)])
    }

    @Test("a peer with waiting calls is not dropped, however long they take")
    func outstanding() {
        var peers = peers(limit: 1)
        peers.beginCall(to: .number(0), at: at(0))
        #expect(peers.idle(at: at(300)) == [])
        peers.endCall(to: .number(0), .answered(.seconds(301)), at: at(301))
        #expect(peers.idle(at: at(310)) == [.number(0)])
    }

    @Test("an unreachable stranger is dropped soon, a peer of ours stays")
    func strangers() {
        var peers = peers()
        #expect(peers.admits(.number(0), at: at(0)) == true)
        peers.introduce(.number(1), at: at(0))
        #expect(peers.admits(.number(2), at: at(0)) == true)
        for number in 0...1 { peers.block(.number(number), at: at(0)) }
        #expect(peers.idle(at: at(4)) == [])
        #expect(peers.idle(at: at(5)) == [.number(0)])
        #expect(peers.count == 2)
    }

    @Test("a stranger that we want to call becomes a peer of ours")
    func chosen() {
        var peers = peers()
        for number in 0..<4 { #expect(peers.admits(.number(number), at: at(0)) == true) }
        peers.block(.number(0), at: at(0))
        peers.block(.number(1), isOurChoice: true, at: at(0))
        peers.block(.number(2), at: at(0))
        _ = peers.enqueueCall(.request(1), to: .number(2), at: at(0))
        peers.block(.number(3), at: at(0))
        peers.introduce(.number(3), at: at(0))
        // Introducing a known peer changes nothing.
        #expect(peers.idle(at: at(5)) == [.number(0), .number(3)])
    }

    @Test("a peer that owes an answer is pinged each second; one that we only answer never is")
    func pings() {
        var peers = peers()
        #expect(peers.admits(.number(0), at: at(0)) == true)
        for number in 1...2 { peers.introduce(.number(number), at: at(0)) }
        peers.beginCall(to: .number(1), at: at(0))
        #expect(peers.tasks(at: at(1)) == ["\(Endpoint.number(1)) ping"])
        peers.ping(.number(1), 1, at: at(1))
        #expect(peers.tasks(at: at(1.4)) == [])
        #expect(peers.tasks(at: at(2)) == ["\(Endpoint.number(1)) ping"])
        peers.hear(from: .number(1), at: at(2))
        #expect(peers.tasks(at: at(2.6)) == [])
        peers.endCall(to: .number(1), .answered(.zero), at: at(3))
        #expect(peers.tasks(at: at(30)) == [])
    }

    @Test("a silent or unreachable peer is avoided, at every check")
    func avoid() {
        var peers = peers()
        for number in 0...1 { peers.introduce(.number(number), at: at(0)) }
        peers.ping(.number(0), 1, at: at(0))
        peers.block(.number(1), at: at(0))
        #expect(peers.nextDeadline == at(0.1))
        #expect(peers.tasks(at: at(0.099)) == [])
        #expect(peers.tasks(at: at(0.15)) == ["\(Endpoint.number(1)) avoid", "\(Endpoint.number(1)) reconnect"])
        #expect(peers.tasks(at: at(3)).filter { $0.hasSuffix("avoid") }.count == 2)
        peers.hear(from: .number(0), at: at(4))
        peers.unblock(.number(1), at: at(4))
        #expect(peers.tasks(at: at(4)).filter { $0.hasSuffix("avoid") } == [])
    }

    @Test("a peer that we only answer is reconnected to, too, until it is given up")
    func reconnectStranger() {
        var peers = peers()
        #expect(peers.admits(.number(0), at: at(0)) == true)
        peers.block(.number(0), at: at(0))
        #expect(peers.tasks(at: at(0.099)) == [])
        #expect(peers.tasks(at: at(0.15)) == ["\(Endpoint.number(0)) reconnect"])
        #expect(peers.nextDeadline == at(0.65))
        #expect(peers.tasks(at: at(5)) == ["\(Endpoint.number(0)) letGo"])
    }

    @Test("a peer that comes back is new")
    func again() {
        var peers = peers(limit: 1)
        #expect(peers.admits(.number(0), at: at(0)) == true)
        #expect(peers.idle(at: at(60)) == [.number(0)])
        #expect(peers.admits(.number(0), at: at(100)) == true)
        #expect(peers.nextDeadline == at(110))
        #expect(peers.idle(at: at(159)) == [])
        #expect(peers.idle(at: at(170)) == [.number(0)])
    }
}

extension Peers {
    /// Whether an answer may be sent to a peer.
    mutating func admits(_ peer: Endpoint, at now: Instant) -> Bool {
        do throws(LymphError) { _ = try admitAnswer(to: peer, at: now) } catch { return false }
        return true
    }

    /// The dropped peers, in the order of their addresses.
    fileprivate mutating func idle(at now: Instant) -> [Endpoint] {
        takeDuties(at: now).filter { $0.duty == .letGo }.map(\.peer).sorted { $0.description < $1.description }
    }

    /// The pending tasks, in the order of the addresses.
    fileprivate mutating func tasks(at now: Instant) -> [String] {
        takeDuties(at: now).map { "\($0.peer) \($0.duty)" }.sorted()
    }
}
