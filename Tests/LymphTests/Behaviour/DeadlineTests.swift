import Glibc
import MessagePack
import Testing

@testable import Lymph

extension Behaviour {
    /// What methods know of their callers' deadlines, and what happens when these pass.
    @Suite("Deadlines", .timeLimit(.minutes(1)))
    struct DeadlineTests {
        private static let places: [PeerConfiguration.HandlerExecutor] = [.pool, .poller]
        private static let interfaces: [InterfaceDefinition] = [.init(Clerk.self, as: "clerk")]

        /// Runs `body` with a proxy of the service.
        private func withClerk(
            _ medium: Medium, _ place: PeerConfiguration.HandlerExecutor = .pool,
            _ body: @Sendable (Proxy, Poller) async throws -> Void
        ) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture, interfaces: Self.interfaces, server: { $0.handlerExecutor = place }) {
                    client, container in
                    let clerk = client.proxy("clerk", timeout: .seconds(30))
                    try await clerk.call("ready")
                    try await body(clerk, container.client.poller)
                    try await eventually { await container.client.poller.residue.isEmpty }
                }
            }
        }

        // MARK: What a method sees

        @Test("a method sees what its caller has left", arguments: Medium.allCases, places)
        func left(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            try await withClerk(medium, place) { clerk, _ in
                let left: Double? = try await clerk.with(timeout: .seconds(20)).call("left")
                // Rounded to a millisecond; in memory no time passes on the way.
                #expect(left.map { $0 <= 20.001 && (medium == .zeroMQ ? $0 > 0 : $0 >= 19.999) } == true)
                let isAhead: Bool = try await clerk.call("is_ahead")
                #expect(isAhead)
            }
            #expect(Deadline.current == nil)
        }

        @Test("a caller that gives none has none", arguments: Medium.allCases)
        func none(_ medium: Medium) async throws {
            try await withRawPeer(medium, interfaces: Self.interfaces) { peer, _ in
                try await peer.request("clerk.left", [:], id: "one")
                #expect(await peer.next().body == .nil)
                try await peer.request("clerk.left", [:], id: "two", headers: ["timeout_ms": "soon"])
                #expect(await peer.next().body == .nil)
                try await peer.request("clerk.left", [:], id: "three", headers: ["timeout_ms": 20_000])
                #expect(await peer.next().body.doubleValue.map { $0 > 0 && $0 <= 20 } == true)
            }
        }

        @Test("a nested call takes the smaller of its timeout and what is left", arguments: Medium.allCases)
        func nested(_ medium: Medium) async throws {
            try await withClerk(medium) { clerk, _ in
                func left(outer: Int, inner: Int, way: String) async throws -> Double {
                    try await clerk.with(timeout: .seconds(outer)).call("nested", seconds: inner, way: way)
                }
                for way in ["call", "defer", "child", "trace"] {
                    #expect(try await left(outer: 20, inner: 25, way: way) <= 20.001, "\(way)")
                    #expect(try await left(outer: 20, inner: 5, way: way) <= 5.001, "\(way)")
                }
                // Work that must survive its caller.
                for way in ["scope", "proxy"] {
                    let own = try await left(outer: 20, inner: 25, way: way)
                    #expect(own <= 25.001 && (medium == .zeroMQ || own >= 24.999), "\(way)")
                }
            }
        }

        @Test("a call after the deadline is not sent", arguments: Medium.allCases)
        func late(_ medium: Medium) async throws {
            try await withClerk(medium) { clerk, _ in
                await expect(.timeout, "clerk.late") { try await clerk.with(timeout: .milliseconds(50)).call("late") }
                try await eventually { try await clerk.call("late_error") != Value.nil }
                let error: String = try await clerk.call("late_error")
                #expect(error.hasPrefix("timeout none: clerk.left: the deadline of the request that makes this call"))
            }
        }

        // MARK: Expiry

        @Test(
            "when it passes, the method's task is cancelled, and nothing is answered", arguments: Medium.allCases,
            places)
        func expiry(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container(Self.interfaces) { $0.handlerExecutor = place }
                try await withServiceContainer(container) { endpoint in
                    let poller = container.client.poller
                    let peer = try await RawPeer(fixture, target: endpoint)
                    let soon: Value = ["timeout_ms": 30]
                    // One that throws when it is cancelled, one that returns, one that answers by itself, and one that has
                    // returned and answers later.
                    for method in ["sleep", "linger", "raw_linger", "keep"] {
                        try await peer.request("clerk." + method, [:], id: method, headers: soon)
                    }
                    try await eventually {
                        let statistics = await poller.statistics
                        return statistics.cancelled(.deadline) + statistics.expired == 4
                    }
                    try await peer.request("clerk.answer_kept", [:], id: "answers")
                    var answers: [RawAnswer] = []
                    while answers.last?.subject != "answers" { answers.append(await peer.next()) }
                    answers += try await peer.answersUntilPing()
                    // A slow machine may not have begun some of them in time.
                    let refused = answers.filter { medium == .zeroMQ && $0.headers["reason"] == "expired" }
                    #expect(answers.count == refused.count + 1)
                    #expect(await poller.statistics.cancelled(.deadline) == 4 - refused.count)
                    // Whether the one that was kept has learned that it waits in vain.
                    let body = answers.first { $0.subject == "answers" }?.body
                    #expect(body == [true] || body == [] && !refused.isEmpty)
                    await peer.close()
                }
            }
        }

        @Test("a request without any time left is refused at once", arguments: Medium.allCases)
        func nothingLeft(_ medium: Medium) async throws {
            try await withRawPeer(medium, interfaces: Self.interfaces) { peer, _ in
                try await peer.request("clerk.count", [:], id: "one", headers: ["timeout_ms": 0])
                let answer = await peer.next()
                #expect(answer.kind == "NACK" && answer.headers["reason"] == "expired")
                #expect(answer.headers["detail"] == "the deadline has passed before the method could begin")
            }
        }

        @Test("a built-in method that has expired in an interceptor does not run", arguments: Medium.allCases)
        func builtin(_ medium: Medium) async throws {
            try await withRawPeer(medium, server: { $0.serviceInterceptors = [Patience()] }) { peer, container in
                let body: Value = ["qualname": "test", "loglevel": "CRITICAL"]
                try await peer.request("lymph.change_loglevel", body, id: "one", headers: ["timeout_ms": 20])
                let answer = await peer.next()
                #expect(answer.kind == "NACK" && answer.headers["reason"] == "expired")
                try await eventually { await container.client.poller.residue.isEmpty }
                #expect(container.client.poller.logLevels.level(for: "test") == nil)
            }
        }

        @Test("of 1000 requests for a busy actor, the 900 that expire are refused, and 100 are executed")
        func queue() async throws {
            try await withRawPeer(.zeroMQ, interfaces: Self.interfaces) { peer, container in
                let poller = container.client.poller
                try await peer.request("clerk.block", [:], id: "block")
                try await eventually { await poller.runningRequests == 1 }
                for number in 0..<1000 {
                    let timeout = number % 10 == 0 ? 600_000 : 1
                    try await peer.request(
                        "clerk.count", [:], id: "\(number)", headers: ["timeout_ms": .int(Int64(timeout))])
                }
                for _ in 0..<900 {
                    let answer = await peer.next()
                    #expect(answer.kind == "NACK" && answer.headers["reason"] == "expired")
                }
                Clerk.going.trigger()
                var replies = 0
                for _ in 0...100 where await peer.next().kind == "REP" { replies += 1 }
                #expect(replies == 101)
                try await peer.request("clerk.counted", [:], id: "counted")
                #expect(await peer.next().body == 100)
                #expect(await poller.residue == [])
            }
        }
    }
}

/// Lets every request but pings wait until it is cancelled.
private struct Patience: ServiceInterceptor {
    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        if request.subject != "lymph.ping" { try? await Task.sleep(for: .seconds(3600)) }
        return await next()
    }
}

extension Statistics {
    /// How many requests were refused because their deadline had passed.
    fileprivate var expired: Int {
        all.first { $0.name == "lymph.server.requests" && $0.tags["outcome"] == "nack_expired" }?.value ?? 0
    }

    /// How many requests were cancelled for a reason.
    func cancelled(_ reason: CancellationReason) -> Int {
        all.first { $0.name == "lymph.server.cancelled" && $0.tags["reason"] == reason.rawValue }?.value ?? 0
    }
}

/// Its methods know when they have to be ready.
private actor Clerk: Interface {
    private var kept: [ReplyChannel] = []
    private var count = 0
    private var lateError: String?

    /// Lets `block` end.
    static let going = ShutdownSignal()

    init() {}

    static let routes = Routes<Clerk> {
        RPC("ready") { _ in }
        RPC("left") { _ in Deadline.current?.remaining.inSeconds }
        RPC("is_ahead") { _ in Deadline.current.map { $0.instant > .now } }
        RPC("nested", "seconds", "way") { (clerk, seconds: Int, way: String) in
            try await clerk.nested(.seconds(seconds), way)
        }
        RPC("late") { clerk in await clerk.beLate() }
        RPC("late_error") { clerk in clerk.lateError }
        RPC("sleep") { clerk in try await clerk.context.sleep(for: .seconds(3600)) }
        RPC("linger") { clerk in
            await clerk.linger()
            return "late"
        }
        RawRPC("raw_linger") { clerk, channel, _ in
            await clerk.linger()
            await channel.ack()
        }
        RawRPC("keep") { clerk, channel, _ in clerk.kept.append(channel) }
        RPC("answer_kept") { clerk in
            let channels = clerk.kept
            clerk.kept = []
            let areCancelled = channels.map(\.isCancelled)
            for channel in channels { await channel.ack() }
            return areCancelled
        }
        RPC("count") { clerk in clerk.count += 1 }
        RPC("counted") { clerk in clerk.count }
        RPC("block") { _ in
            while !going.isGiven { usleep(1000) }
        }
    }

    /// Returns when its task is cancelled.
    private func linger() async { try? await context.sleep(for: .seconds(3600)) }

    private func nested(_ timeout: Duration, _ way: String) async throws -> Double? {
        let other = context.client.proxy("clerk", timeout: timeout)
        switch way {
        case "defer":
            let task: Task<Double?, any Error> = other.defer("left")
            return try await task.value
        case "child":
            async let left: Double? = other.call("left")
            return try await left
        case "trace": return try await TraceContext.with(id: "other") { try await other.call("left") }
        case "scope": return try await withCallOptions(inheritsDeadline: false) { try await other.call("left") }
        case "proxy": return try await other.with(inheritsDeadline: false).call("left")
        default: return try await other.call("left")
        }
    }

    private func beLate() async {
        await linger()
        do { try await context.client.proxy("clerk").call("left") } catch let error as LymphError {
            lateError = "\(error.code) \(error.execution): \(error.message)"
        } catch {
            lateError = "\(error)"
        }
    }
}
