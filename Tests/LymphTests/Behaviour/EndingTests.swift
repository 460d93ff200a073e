import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// How calls end, leaving nothing behind (which ``withEcho`` checks).
extension Behaviour {
    @Suite("Endings", .timeLimit(.minutes(1)))
    struct EndingTests {
        @Test("a timeout ends a call, and the service does not send a late answer", arguments: Medium.allCases)
        func timeout(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture) { client, container in
                    let echo = client.proxy("echo", timeout: .seconds(30))
                    // The connection exists, so the request leaves at once.
                    try await echo.call("reset")
                    await expect(.timeout, "echo.keep") { try await echo.with(timeout: .milliseconds(50)).call("keep") }
                    try await eventually { await container.client.poller.residue.isEmpty }
                    try await echo.call("answer_kept")
                    #expect(await client.poller.statistics.dropped(.unknownReply) == 0)
                }
            }
        }

        @Test("a late answer leaves nothing to wake up for", arguments: Medium.allCases)
        func afterTheEnd(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let container = try fixture.container()
            let poller = container.client.poller
            try await withServiceContainer(container) { _ in
                try await withClient(fixture.client()) { client in
                    let call = client.proxy("echo").defer("keep")
                    try await eventually { try await client.proxy("echo").call("kept_count") == 1 }
                    call.cancel()
                    await finish(call)
                }
            }
            // The interface has dropped the channel, which answers.
            try await eventually { await poller.nextDeadline == nil }
            // Nothing is left that the thread would wake up or keep alive.
            #expect(await poller.isAttached == false)
        }

        @Test("for an absent peer nothing is sent, and the error says so")
        func nobodyThere() async throws {
            let client = Fixture(.zeroMQ).client()
            try await withClient(client) { client in
                try await eventually { await client.poller.endpoint != nil }
                let nobody = client.proxy("tcp://127.0.0.1:9", interface: "echo", timeout: .milliseconds(100))
                do {
                    try await nobody.call("upper", text: "a")
                    Issue.record("nothing was thrown")
                } catch let error as LymphError {
                    #expect(error.code == .notConnected)
                    #expect(error.execution == LymphError.Execution.none)
                    #expect(error.message.contains("tcp://127.0.0.1:9"))
                }
                #expect(await client.poller.waitingCalls == 0)
            }
        }

        @Test("calls to a peer that never comes leave no queue behind", arguments: Medium.allCases)
        func queueOfAbsentPeer(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withClient(fixture.client()) { client in
                    try await eventually { await client.poller.endpoint != nil }
                    let nobody = client.proxy("tcp://127.0.0.1:9", interface: "echo", timeout: .milliseconds(1))
                    for _ in 0..<200 { await expect(.notConnected) { try await nobody.call("upper", text: "a") } }
                    let peer = try Endpoint(host: "127.0.0.1", port: 9)
                    #expect(await client.poller.summary(of: peer)?.waiting == 0)
                }
            }
        }

        @Test("requests for a peer that is down are not executed when it comes", arguments: Medium.allCases)
        func staleRequests(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withClient(fixture.client()) { client in
                    // A free port, which the service will use later.
                    let endpoint = try await withServiceContainer(fixture.container()) { $0 }
                    let echo = client.proxy(endpoint.description, interface: "echo")
                    for _ in 0..<10 {
                        await expect(.notConnected) {
                            try await echo.with(timeout: .milliseconds(20)).call("nothing", text: "x")
                        }
                    }
                    let container = try fixture.container { $0.port = endpoint.port }
                    try await withServiceContainer(container) { _ in
                        let result = try await echo.with(timeout: .seconds(30), waitForReady: true).count() as Int
                        #expect(result == 0)
                    }
                }
            }
        }

        @Test("cancellation ends a call at once", arguments: Medium.allCases)
        func cancellation(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture) { client, _ in
                    // Longer than the test may take.
                    let echo = client.proxy("echo", timeout: .seconds(3600))
                    for delay in [0, 1, 5, 20] {
                        let task = TestTime.start { try await echo.call("sleep", seconds: 3600) }
                        try await TestTime.sleep(for: .milliseconds(delay))
                        task.cancel()
                        await within(.zero) {
                            await #expect(throws: CancellationError.self) { try await task.value }
                        }
                    }
                }
            }
        }

        @Test("a cancelled task sends nothing", arguments: Medium.allCases)
        func cancelledBefore(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo")
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await echo.call("nothing", text: "x")
                }
                await #expect(throws: CancellationError.self) { try await task.value }
                let result = try await echo.count() as Int
                #expect(result == 0)
            }
        }

        @Test("cancelling many calls at any moment leaves nothing behind", arguments: Medium.allCases)
        func cancellationStorm(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo")
                let tasks = (0..<500).map { _ in Task { try await echo.upper(text: "a") as String } }
                for (index, task) in tasks.enumerated() where index.isMultiple(of: 2) { task.cancel() }
                for (index, task) in tasks.enumerated() {
                    switch await task.result {
                    case .success(let text): #expect(text == "A")
                    case .failure(let error): #expect(index.isMultiple(of: 2) && error is CancellationError)
                    }
                }
            }
        }

        @Test("defer queues the call before it returns", arguments: Medium.allCases)
        func deferOrder(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo", timeout: .seconds(30))
                // The connection exists, so from now on nothing waits.
                try await echo.call("reset")
                let kept = (0..<20).map { _ in echo.defer("keep") }
                // The next request to the poller comes after them, so they have been queued without waiting.
                #expect(await client.poller.waitingCalls == 20)
                try await eventually {
                    try await echo.call("answer_kept")
                    return await client.poller.waitingCalls == 0
                }
                for call in kept {
                    let value = try await call.value
                    #expect(value == "at last")
                }
            }
        }

        @Test("a registry that does not answer costs no more than the timeout")
        func silentRegistry() async throws {
            struct Silent: ServiceRegistry {
                func register(_ instance: ServiceInstance) async throws {}
                func unregister(_ instance: ServiceInstance) async {}
                func services() async throws -> [String] { [] }
                func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
                    try await Task.sleep(for: .seconds(3600))
                    return AsyncStream { _ in }
                }
            }
            try await withFixture(.inMemory) { fixture in
                let client = Client(registry: Silent(), configuration: fixture.configuration(), logger: .quiet)
                try await withClient(client) { client in
                    await within(.milliseconds(50)) {
                        await expect(.lookupFailure, "did not find echo within") {
                            try await client.proxy("echo", timeout: .milliseconds(50)).upper(text: "a")
                        }
                    }
                }
            }
        }

        @Test("a deferred call can be awaited twice, ignored, or cancelled", arguments: Medium.allCases)
        func deferred(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture) { client, _ in
                    let echo = client.proxy("echo", timeout: .seconds(20))
                    let task: Task<String, any Error> = echo.defer("upper", text: "a")
                    #expect(try await task.value == "A")
                    #expect(try await task.value == "A")
                    echo.defer("fail")
                    let sleeping = echo.defer("sleep", seconds: 10)
                    sleeping.cancel()
                    await #expect(throws: CancellationError.self) { try await sleeping.value }
                    try await eventually { await client.poller.waitingCalls == 0 }
                }
            }
        }

        @Test("a service that stops sends the answers that a slow peer has not taken yet")
        func slowReader() async throws {
            let count = 6000
            let fixture = Fixture(.zeroMQ)
            let reader = Reader()
            let container = try fixture.container([
                .init(EchoService.self, as: "echo"), .init(as: "reader") { _ in reader },
            ]) { $0.drainTimeout = .seconds(60) }
            let poller = container.client.poller
            await reader.read(count, answersOf: poller)
            try await withServiceContainer(container) { endpoint in
                let peer = try await RawPeer(fixture, target: endpoint)
                await reader.start(peer)
                for number in 0..<count {
                    try await peer.request("echo.repeat", ["text": "abcd", "times": 512], id: "\(number)")
                }
                try await eventually(within: .seconds(30)) {
                    await poller.statistics.all.contains { $0.name == "lymph.server.requests" && $0.value == count }
                }
                // More than the sockets and the kernel buffer.
                #expect(await poller.flushAnswers() > 1000)
                Task {
                    try await eventually { container.progress.phase == .draining }
                    await peer.resume()
                }
            }
            #expect(await reader.waiting == 0)
            #expect(await reader.kinds == Array(repeating: "REP", count: count))
            #expect(await poller.statistics.dropped(.undeliverable) == 0)
        }

        @Test(
            "an interface that is stopped can answer on the reply channels that it has kept", arguments: Medium.allCases
        )
        func keptChannels(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let container = try fixture.container([.init(Keeper.self, as: "keeper")])
            try await withClient(fixture.client()) { client in
                let call = try await withServiceContainer(container) { _ in
                    let call = client.proxy("keeper", timeout: .seconds(300)).defer("keep")
                    try await eventually { try await client.proxy("keeper").call("count") == 1 }
                    return call
                }
                #expect(try await call.value == "stopped")
            }
        }

        @Test("stopping the client fails its calls at once and says so", arguments: Medium.allCases)
        func stopping(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withServiceContainer(fixture.container()) { _ in
                    let client = fixture.client()
                    let running = TestTime.start { try await client.run() }
                    let echo = client.proxy("echo", timeout: .seconds(30))
                    let calls = (0..<10).map { _ in echo.defer("sleep", seconds: 1) }
                    try await eventually { await client.poller.waitingCalls == 10 }
                    client.beginGracefulShutdown()
                    await within(.zero) {
                        for call in calls { await expect(.stopped, "echo.sleep") { try await call.value } }
                    }
                    try await running.value
                    await expect(.stopped) { try await echo.upper(text: "late") }
                    await expect(.alreadyRunning) { try await client.run() }
                    #expect(await client.poller.waitingCalls == 0)
                }
            }
        }

        @Test("calls made before run() wait for it", arguments: Medium.allCases)
        func beforeRun(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withServiceContainer(fixture.container()) { _ in
                    let client = fixture.client()
                    await expect(.stopped, "run()") {
                        try await client.proxy("echo", timeout: .milliseconds(20)).upper(text: "")
                    }
                    let early: Task<String, any Error> = client.proxy("echo").defer("upper", text: "early")
                    try await withClient(client) { _ in
                        let result = try await early.value
                        #expect(result == "EARLY")
                    }
                }
            }
        }
    }
}

/// An interface that answers when it is stopped.
private actor Keeper: Interface {
    private var kept: [ReplyChannel] = []

    static var routes: Routes<Keeper> {
        RawRPC("keep") { keeper, channel, _ in keeper.kept.append(channel) }
        RPC("count") { keeper in keeper.kept.count }
    }

    func stop() async {
        for channel in kept { try? await channel.reply("stopped") }
    }
}

/// An interface whose end waits until a peer has read all its answers.
private actor Reader: Interface {
    private var peer: RawPeer?
    private var count = 0
    private var poller: Poller?
    /// How many answers the container had not given to the transport when it stopped its interfaces.
    private(set) var waiting: Int?
    private(set) var kinds: [String] = []

    static var routes: Routes<Reader> {}

    func read(_ count: Int, answersOf poller: Poller) { (self.count, self.poller) = (count, poller) }

    /// Makes `peer` read nothing until it is resumed.
    func start(_ peer: RawPeer) async {
        self.peer = peer
        await peer.pause()
    }

    func stop() async {
        waiting = await poller?.flushAnswers()
        for _ in 0..<count { await kinds.append(peer?.next().kind ?? "") }
        await peer?.close()
        (peer, poller) = (nil, nil)
    }
}

extension Poller {
    /// When the thread wakes up next, without anything happening.
    fileprivate var nextDeadline: Instant? { loop.deadline }
    fileprivate var isAttached: Bool { loop.onIdle != nil || loop.onDeadline != nil }
}
