import Testing
import ZeroMQ

@testable import Lymph

@Suite("Knowledge about peers")
struct PeersKnowledgeTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    private func peers(limit: Int = 10) -> Peers { Peers(limit: limit, byteLimit: 10_000) }

    /// The state of a peer in words: `good`, `reachable`, `connected`, `lost`, `gone`.
    private func describe(_ peers: borrowing Peers, _ number: Int, at seconds: Double) -> String {
        let (peer, now) = (Endpoint.number(number), at(seconds))
        return [
            (peers.isGood(peer, at: now), "good"), (peers.isReachable(peer, at: now), "reachable"),
            (peers.isConnected(peer, at: now), "connected"), (peers.isLost(peer, at: now), "lost"),
            (peers.isGone(peer, at: now), "gone"),
        ].filter(\.0).map(\.1).joined(separator: " ")
    }

    @Test("a new peer is good, but not connected")
    func unknown() {
        let peers = peers()
        #expect(describe(peers, 1, at: 0) == "good reachable")
        #expect(peers.isKnown(.number(1)) == false)
        #expect(peers.state(of: .number(1), at: at(0)) == nil)
        #expect(peers.outstanding(at: .number(1)) == 0)
    }

    @Test("events of an unknown peer change nothing")
    func nobody() {
        var peers = peers()
        peers.hear(from: .number(1), at: at(0))
        peers.block(.number(1), at: at(0))
        peers.unblock(.number(1), at: at(0))
        peers.refuse(.number(1))
        peers.ping(.number(1), 1, at: at(0))
        peers.endCall(to: .number(1), .missing, at: at(0))
        peers.forgetHealth(of: .number(1))
        #expect(peers.takePong(1, from: .number(1), at: at(0)) == nil)
        #expect(peers.isKnown(.number(1)) == false)
        #expect(peers.outstanding(at: .number(1)) == 0)
        #expect(peers.takeDuties(at: at(100)).isEmpty)
        #expect(peers.nextDeadline == nil)
    }

    @Test("the longer a peer is blocked, the worse it is judged, until it is back")
    func blocked() {
        var peers = peers()
        peers.introduce(.number(1), at: at(0))
        #expect(describe(peers, 1, at: 0) == "good reachable connected")
        peers.block(.number(1), at: at(0))
        #expect(describe(peers, 1, at: 0.09) == "good reachable")
        #expect(describe(peers, 1, at: 0.1) == "")
        #expect(describe(peers, 1, at: 0.9) == "")
        #expect(describe(peers, 1, at: 1) == "lost")
        #expect(describe(peers, 1, at: 3) == "lost gone")
        peers.unblock(.number(1), at: at(3))
        #expect(describe(peers, 1, at: 3) == "good reachable connected")
    }

    @Test("a refused peer is gone, but not given up: calls wait a second for its successor")
    func refused() {
        var peers = peers()
        peers.introduce(.number(1), at: at(0))
        peers.block(.number(1), at: at(0))
        peers.refuse(.number(1))
        #expect(describe(peers, 1, at: 0) == "gone")
        #expect(peers.state(of: .number(1), at: at(0)) == .unreachable)
        #expect(describe(peers, 1, at: 0.9) == "gone")
        #expect(describe(peers, 1, at: 1) == "lost gone")
        peers.unblock(.number(1), at: at(1))
        #expect(describe(peers, 1, at: 1) == "good reachable connected")
        // A later loss is judged anew.
        peers.block(.number(1), at: at(2))
        #expect(describe(peers, 1, at: 2) == "good reachable")
        peers.refuse(.number(1))
        peers.forgetHealth(of: .number(1))
        peers.block(.number(1), at: at(2))
        #expect(describe(peers, 1, at: 2) == "good reachable")
    }

    @Test("a peer is asked when a lost connection is there again and calls are in flight", arguments: [true, false])
    func restored(isReplaced: Bool) {
        var peers = peers()
        peers.introduce(.number(1), at: at(0))
        var asks = peers.unblock(.number(1), at: at(0))
        #expect(!asks)
        peers.disconnect(.number(1), at: at(1))
        if isReplaced { peers.forgetHealth(of: .number(1)) }
        asks = peers.unblock(.number(1), at: at(1.1))
        #expect(!asks, "no call can have been received by another process")
        peers.beginCall(to: .number(1), at: at(2))
        peers.block(.number(1), at: at(2))
        asks = peers.unblock(.number(1), at: at(2.1))
        #expect(!asks, "the connection was only full")
        peers.disconnect(.number(1), at: at(3))
        #expect(describe(peers, 1, at: 3) == "good reachable")
        if isReplaced { peers.forgetHealth(of: .number(1)) }
        asks = peers.unblock(.number(1), at: at(3.1))
        #expect(asks)
        peers.ping(.number(1), 1, at: at(3.1))
        let pong = peers.takePong(1, AgeHeader(milliseconds: 50), from: .number(1), at: at(3.2))
        #expect(pong?.lost == at(3.1))
    }

    @Test("a silent peer is reachable, but not good")
    func silent() {
        var peers = peers()
        peers.beginCall(to: .number(1), at: at(0))
        #expect(describe(peers, 1, at: 2.9) == "good reachable connected")
        #expect(describe(peers, 1, at: 3) == "reachable")
        peers.hear(from: .number(1), at: at(4))
        #expect(describe(peers, 1, at: 4) == "good reachable connected")
    }

    @Test("a peer that sits out is reachable, but not good")
    func sittingOut() {
        var peers = peers()
        peers.beginCall(to: .number(1), at: at(0))
        peers.endCall(to: .number(1), .overloaded, at: at(0))
        #expect(describe(peers, 1, at: 0.04) == "reachable")
        #expect(describe(peers, 1, at: 0.05) == "good reachable connected")
    }

    @Test("nothing can be sent at once while something waits")
    func waiting() {
        var peers = peers()
        peers.introduce(.number(1), at: at(0))
        let ticket = peers.enqueueCall(.request(1), to: .number(1), at: at(0))
        #expect(describe(peers, 1, at: 0) == "good reachable")
        #expect(peers.isFree(.dial(.number(1))) == false)
        peers.withdraw(ticket, from: .number(1))
        #expect(describe(peers, 1, at: 0) == "good reachable connected")
        #expect(peers.enqueue(.answer(to: 1), for: .dial(.number(1)), at: at(0)) == true)
        #expect(describe(peers, 1, at: 0) == "good reachable")
        #expect(peers.waitingAnswers == 1)
        // The return path is separate.
        #expect(peers.isFree(.back(.number(1))) == true)
        #expect(peers.takeCalls(for: .number(1)).isEmpty)
        #expect(peers.takeWaiting(for: .number(1)).count == 1)
        #expect(describe(peers, 1, at: 0) == "good reachable connected")
    }

    @Test("the load of a peer is kept, whatever happens to its connection")
    func outstanding() {
        var peers = peers()
        let outcomes: [Load.Outcome] = [
            .answered(.zero), .failed(.zero), .missing, .overloaded, .draining, .abandoned,
        ]
        for _ in outcomes { peers.beginCall(to: .number(1), at: at(0)) }
        peers.beginCall(to: .number(2), at: at(0))
        #expect(peers.outstanding(at: .number(1)) == 6)
        // A change of the connection does not end a call.
        peers.block(.number(1), at: at(0))
        peers.forgetHealth(of: .number(1))
        peers.hear(from: .number(1), at: at(0))
        #expect(peers.takeDuties(at: at(100)).allSatisfy { $0.duty != .letGo })
        for (index, outcome) in outcomes.enumerated() {
            #expect(peers.outstanding(at: .number(1)) == 6 - index)
            peers.endCall(to: .number(1), outcome, at: at(0))
        }
        #expect(peers.outstanding(at: .number(1)) == 0)
        #expect(peers.outstanding(at: .number(2)) == 1)
        #expect(peers.summaries(at: at(0)).map(\.outstanding) == [0, 1])
    }

    @Test("the peer with less to do is better; a new peer has nothing to do")
    func better() {
        var peers = peers()
        peers.beginCall(to: .number(1), at: at(0))
        #expect(peers.isBetter(.number(2), than: .number(1), at: at(0)) == true)
        #expect(peers.isBetter(.number(1), than: .number(2), at: at(0)) == false)
        #expect(peers.isBetter(.number(2), than: .number(3), at: at(0)) == false)
    }

    @Test("of a new peer at an old address, only its load is remembered")
    func forget() {
        var peers = peers()
        peers.beginCall(to: .number(1), at: at(0))
        peers.block(.number(1), at: at(0))
        #expect(describe(peers, 1, at: 3) == "lost gone")
        peers.forgetHealth(of: .number(1))
        #expect(describe(peers, 1, at: 3) == "good reachable connected")
        #expect(peers.state(of: .number(1), at: at(3)) == .unknown)
        #expect(peers.outstanding(at: .number(1)) == 1)
    }

    @Test("a summary has everything, in a stable order")
    func summary() throws {
        var peers = peers()
        for number in [3, 1] { peers.introduce(.number(number), at: at(0)) }
        for _ in 0..<3 { peers.beginCall(to: .number(2), at: at(0)) }
        peers.ping(.number(2), 1, at: at(0))
        #expect(peers.takePong(2, from: .number(2), at: at(0.25)) == nil)
        #expect(peers.takePong(1, from: .number(2), at: at(0.25)) == Pong(lost: nil))
        peers.hear(from: .number(2), at: at(0.25))
        peers.block(.number(3), at: at(0.25))
        let summaries = peers.summaries(at: at(0.25))
        #expect(summaries.map(\.endpoint) == [.number(1), .number(2), .number(3)])
        #expect(summaries.map(\.state) == [.unknown, .responsive, .connecting])
        #expect(summaries.map(\.roundTrip) == [nil, .milliseconds(250), nil])
        #expect(summaries.map(\.phi) == [nil, 0, nil])
        #expect(summaries.map(\.outstanding) == [0, 3, 0])
        #expect(peers.census(at: at(0.25)) == [.unknown: 1, .responsive: 1, .connecting: 1])
    }

    // MARK: Strangers

    @Test("an answer makes its peer known, and says whether it is new")
    func admission() throws {
        var peers = peers()
        #expect(try peers.admitAnswer(to: .number(1), at: at(0)) == true)
        #expect(try peers.admitAnswer(to: .number(1), at: at(0)) == false)
        peers.introduce(.number(2), at: at(0))
        #expect(try peers.admitAnswer(to: .number(2), at: at(0)) == false)
        peers.remove(.number(1))
        #expect(try peers.admitAnswer(to: .number(1), at: at(0)) == true)
    }

    @Test("the limit can be lowered, but not raised, and not to zero")
    func restrict() {
        var peers = peers(limit: 3)
        peers.restrict(to: 100)
        for number in 0..<3 { #expect(peers.admits(.number(number), at: at(0)) == true) }
        #expect(peers.admits(.number(3), at: at(0)) == false)
        peers.restrict(to: 0)
        for number in 0..<2 { peers.remove(.number(number)) }
        #expect(peers.admits(.number(3), at: at(0)) == false)
        peers.remove(.number(2))
        #expect(peers.admits(.number(3), at: at(0)) == true)
    }

    @Test("after descriptors run out, no stranger is dialled for a while, but known and called peers are")
    func exhausted() throws {
        var peers = peers()
        #expect(peers.admits(.number(1), at: at(0)) == true)
        let cause = LymphError(.stopped, "too many files")
        peers.exhaust(cause, at: at(0))
        let error = #expect(throws: LymphError.self) { try peers.admitAnswer(to: .number(2), at: at(0.099)) }
        #expect(error?.code == .notConnected && error?.cause as? LymphError == cause)
        #expect(peers.isKnown(.number(2)) == false)
        #expect(peers.admits(.number(1), at: at(0.099)) == true)
        peers.beginCall(to: .number(3), at: at(0.099))
        #expect(peers.isKnown(.number(3)) == true)
        #expect(peers.admits(.number(2), at: at(0.1)) == true)
    }

    @Test("answers for strangers wait within a limit, and blocked return paths are retried soon")
    func waitingAnswers() {
        var peers = Peers(limit: 10, byteLimit: 700)
        let back = Route.back(.number(1))
        #expect(peers.enqueue(.answer(to: 1), for: back, at: at(0)) == true)
        #expect(peers.enqueue(.answer(to: 2), for: back, at: at(0)) == true)
        #expect(peers.enqueue(.answer(to: 3), for: back, at: at(0)) == false)
        #expect(peers.nextDeadline == at(0.001))
        #expect(peers.takeBlockedRoutes(at: at(0)).isEmpty)
        #expect(peers.takeBlockedRoutes(at: at(0.001)) == [back])
        #expect(peers.nextDeadline == nil)
        peers.block(back, at: at(1))
        #expect(peers.takeBlockedRoutes(at: at(2)) == [back])
        peers.dropWaiting()
        #expect(peers.isFree(back) && peers.waitingAnswers == 0)
    }
}
