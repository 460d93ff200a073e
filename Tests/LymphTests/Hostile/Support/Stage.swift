import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// A service under attack, an ordinary client that works meanwhile, and the attacking peer.
struct Stage: Sendable {
    let fixture: Fixture
    let container: ServiceContainer
    /// What the container serves, as `echo`.
    let service: EchoService
    let endpoint: Endpoint
    let client: Client
    let peer: RawPeer
    /// What the container logs.
    let log: LogBook
    /// What the client logs.
    let clientLog: LogBook

    var poller: Poller { container.client.poller }
    var echo: Proxy { client.proxy("echo", timeout: .seconds(20)) }
}

/// Sets a stage, runs `body` on it, and checks that service, client and peer still work and nothing is left behind.
func withStage(
    _ medium: Medium, server: (inout PeerConfiguration) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (Stage) async throws -> Void
) async throws {
    let fixture = Fixture(medium)
    let (log, clientLog) = (LogBook(), LogBook())
    let service = EchoService()
    let container = try ServiceContainer(
        interfaces: [.init(as: "echo") { _ in service }], registry: fixture.registry,
        configuration: fixture.configuration(server), logger: log.logger)
    let client = Client(registry: fixture.registry, configuration: fixture.configuration(), logger: clientLog.logger)
    try await withServiceContainer(container) { endpoint in
        try await withClient(client) { client in
            let peer = try await RawPeer(fixture, target: endpoint)
            let stage = Stage(
                fixture: fixture, container: container, service: service, endpoint: endpoint, client: client,
                peer: peer,
                log: log, clientLog: clientLog)
            let result: Result<Void, any Error>
            do {
                // All peers know each other, so anything new is the attack's doing.
                try await stage.expectService(sourceLocation: sourceLocation)
                try await body(stage)
                try await stage.expectService(sourceLocation: sourceLocation)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await peer.close()
            try result.get()
        }
    }
}

extension Stage {
    /// Expects that client and raw peer get the right answers, and that nothing is left behind.
    func expectService(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let text: String = try await echo.upper(text: "still there")
        #expect(text == "STILL THERE", sourceLocation: sourceLocation)
        try await peer.request("echo.upper", ["text": "and you"], id: "check")
        var answer = await peer.next()
        // The answer to an attack may still be on its way.
        while answer.subject != "check" { answer = await peer.next() }
        #expect(answer.body == "AND YOU", sourceLocation: sourceLocation)
        try await eventually(
            { await poller.runningRequests == 0 }, sourceLocation: sourceLocation)
        #expect(await poller.waitingCalls == 0, sourceLocation: sourceLocation)
        #expect(await client.poller.waitingCalls == 0, sourceLocation: sourceLocation)
    }

    /// Runs `attack` while the client makes calls, all of which must succeed.
    func whileCalling(
        sourceLocation: SourceLocation = #_sourceLocation, _ attack: () async throws -> Void
    ) async throws {
        let isOver = Lock(false)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<2 {
                group.addTask {
                    var number = 0
                    repeat {
                        let result: String = try await echo.upper(text: "call \(caller) \(number)")
                        #expect(result == "CALL \(caller) \(number)", sourceLocation: sourceLocation)
                        number += 1
                    } while !isOver.withLock { $0 }
                    return number
                }
            }
            defer { isOver.withLock { $0 = true } }
            try await attack()
            isOver.withLock { $0 = true }
            for try await calls in group { #expect(calls > 0, sourceLocation: sourceLocation) }
        }
    }

    /// Runs `attack` while the client makes calls, and expects that exactly these messages are dropped for each
    /// reason and `failures` requests fail, that the log has each and nothing else, and that no new peer is connected
    /// to.
    func expect(
        drops: [DropReason: Int] = [:], failures: Int = 0, newPeers: Int = 0, on side: Side = .service,
        sourceLocation: SourceLocation = #_sourceLocation, _ attack: () async throws -> Void
    ) async throws {
        let (poller, log) = side == .service ? (poller, log) : (client.poller, clientLog)
        let (before, linesBefore, peersBefore) = (await Self.drops(poller), log.count, await poller.peers.count)
        try await whileCalling(sourceLocation: sourceLocation, attack)
        let expected = before.merging(drops, uniquingKeysWith: +)
        // Messages on several connections arrive in any order.
        try await eventually(
            {
                let now = await Self.drops(poller)
                await poller.logAllSums()
                return expected.allSatisfy { now[$0.key, default: 0] >= $0.value }
                    && log.lines(after: linesBefore).total("") >= drops.values.reduce(failures, +)
            }, sourceLocation: sourceLocation)
        try await expectService(sourceLocation: sourceLocation)
        let after = await Self.drops(poller)
        await poller.logAllSums()
        for reason in DropReason.allCases {
            #expect(after[reason] == expected[reason], "\(reason.rawValue)", sourceLocation: sourceLocation)
        }
        let lines = log.lines(after: linesBefore)
        let (dropped, failed) = (lines.total("dropped a message"), lines.total("request failed"))
        #expect(dropped == drops.values.reduce(0, +), "\(lines)", sourceLocation: sourceLocation)
        #expect(failed == failures, "\(lines)", sourceLocation: sourceLocation)
        #expect(lines.total("") == dropped + failed, "\(lines)", sourceLocation: sourceLocation)
        #expect(await poller.peers.count == peersBefore + newPeers, sourceLocation: sourceLocation)
    }

    /// Runs `attack` while the client makes calls, and expects that nothing is dropped except up to a number of
    /// connections that failed, with a line in the log for each.
    func expect(
        handshakes: Int, sourceLocation: SourceLocation = #_sourceLocation, _ attack: () async throws -> Void
    ) async throws {
        let (before, peersBefore) = (await Self.drops(poller), await poller.peers.count)
        try await whileCalling(sourceLocation: sourceLocation, attack)
        try await expectService(sourceLocation: sourceLocation)
        var after = await Self.drops(poller)
        let failed = after[.handshake, default: 0] - before[.handshake, default: 0]
        #expect((1...handshakes).contains(failed), sourceLocation: sourceLocation)
        after[.handshake] = before[.handshake]
        #expect(after == before, sourceLocation: sourceLocation)
        #expect(await poller.peers.count == peersBefore, sourceLocation: sourceLocation)
    }

    /// The side whose counters, log and connections an attack is expected to change.
    enum Side { case service, client }

    private static func drops(_ poller: Poller) async -> [DropReason: Int] {
        let statistics = await poller.statistics
        return Dictionary(uniqueKeysWithValues: DropReason.allCases.map { ($0, statistics.dropped($0)) })
    }

    /// Sends frames and returns the answers to them.
    ///
    /// - Parameter count: How many answers come from methods, and so perhaps later than the answer to a ping.
    func answers(to frames: [[UInt8]], fromMethod count: Int = 0) async throws -> [RawAnswer] {
        try await peer.send(frames)
        var answers: [RawAnswer] = []
        for _ in 0..<count { answers.append(await peer.next()) }
        return answers + (try await peer.answersUntilPing())
    }
}

extension Stage {
    /// Sends frames and expects that nothing comes back.
    func expectNoAnswer(to frames: [[UInt8]], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answers = try await answers(to: frames)
        #expect(answers.isEmpty, "\(frames.map { $0.prefix(40) })", sourceLocation: sourceLocation)
    }
}

/// The five frames of a message; each can be anything.
func frames(
    id: String = "hostile", kind: String = "REQ", about: String = "echo.upper", headers: [UInt8] = [0x80],
    body: [UInt8] = [0x81, 0xa4] + Array("text".utf8) + [0xa1, 0x61]
) -> [[UInt8]] {
    [Array(id.utf8), Array(kind.utf8), Array(about.utf8), headers, body]
}

/// Expects one answer: NACK with reason `rejected` (or another), and a body of nil.
func expectNACK(
    _ answers: [RawAnswer], id: String = "hostile", reason: Value = "rejected", _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answers.map(\.kind) == ["NACK"], comment, sourceLocation: sourceLocation)
    #expect(answers.first?.subject == id, comment, sourceLocation: sourceLocation)
    #expect(answers.first?.headers["reason"] == reason, comment, sourceLocation: sourceLocation)
    #expect(answers.first?.body == .nil, comment, sourceLocation: sourceLocation)
}
