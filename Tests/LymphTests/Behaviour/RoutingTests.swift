import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    /// Which instance a call goes to, and when it goes to another.
    @Suite("Several instances")
    struct Routing {
        /// Registers an instance that doesn't exist.
        private func register(_ port: UInt16, in fixture: Fixture) async throws {
            try await fixture.registry.register(
                ServiceInstance(service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: port)))
        }

        @Test("an instance that is gone delays a call only briefly", arguments: Medium.allCases)
        func dead(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                for port: UInt16 in 7...9 { try await register(port, in: fixture) }
                try await withServiceContainer(fixture.container()) { _ in
                    try await withClient(fixture.client()) { client in
                        let echo = client.proxy("echo", timeout: .seconds(20))
                        for _ in 0..<20 {
                            let text: String = try await within(Health.patience * 3) { try await echo.upper(text: "a") }
                            #expect(text == "A")
                        }
                    }
                }
            }
        }

        @Test(
            "calls without a version go to any version, which is logged once, or to the newest",
            arguments: Medium.allCases
        )
        func unversioned(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let old = try fixture.container([.init(EchoService.self, as: "echo", version: "1.4.0")])
            let new = try fixture.container([.init(EchoService.self, as: "echo", version: "2.0.0")])
            try await withServiceContainer(old) { _ in
                try await withServiceContainer(new) { endpoint in
                    let book = LogBook()
                    let any = Client(
                        registry: fixture.registry, configuration: fixture.configuration(), logger: book.logger)
                    try await withClient(any) { client in
                        var peers: Set<Endpoint?> = []
                        for _ in 0..<1000 where peers.count < 2 {
                            peers.insert(try await client.request("echo", "echo.count").source)
                        }
                        #expect(peers.count == 2)
                    }
                    let warnings = book.lines.filter { $0.message.contains("name no version") }
                    #expect(warnings.map(\.metadata) == [["lymph.service": "echo", "lymph.version": "1.4.0, 2.0.0"]])
                    try await withClient(fixture.client { $0.unversionedCalls = .newest }) { client in
                        for _ in 0..<50 {
                            let reply = try await client.request("echo", "echo.count")
                            #expect(reply.source == endpoint)
                        }
                        let old = try await client.request("echo@1.0", "echo.count")
                        #expect(old.source != endpoint)
                    }
                }
            }
        }

        @Test("when no instance can be reached, calls fail soon, and later ones at once", arguments: Medium.allCases)
        func failFast(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                for port: UInt16 in 7...9 { try await register(port, in: fixture) }
                try await withClient(fixture.client()) { client in
                    let echo = client.proxy("echo", timeout: .seconds(300))
                    await within(Health.connectTime + Health.patience * 3) {
                        await expect(.notConnected, "3 instances") { try await echo.call("upper", text: "a") }
                    }
                    for _ in 0..<100 {
                        await within(.zero) {
                            await expect(.notConnected, "3 instances") { try await echo.call("upper", text: "a") }
                        }
                    }
                    let nobody = client.proxy("tcp://127.0.0.1:10", interface: "echo", timeout: .seconds(300))
                    await within(Health.connectTime) {
                        await expect(.notConnected, "no connection") { try await nobody.call("upper", text: "a") }
                    }
                }
            }
        }

        @Test(
            "a call that waits for its service is answered, however late the service starts", arguments: Medium.allCases
        )
        func waitForReady(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                // Known through an instance that nobody can reach.
                try await register(9, in: fixture)
                try await withClient(fixture.client()) { client in
                    let echo = client.proxy("echo", timeout: .seconds(300))
                    await expect(.notConnected) { try await echo.call("upper", text: "a") }
                    let patient: Task<String, any Error> = echo.with(waitForReady: true).defer("upper", text: "a")
                    let other: Task<String, any Error> = await withCallOptions(waitForReady: true) {
                        let versioned = client.proxy("echo", version: "2", timeout: .seconds(300))
                        await expect(.notConnected) {
                            try await versioned.with(waitForReady: false).call("upper", text: "b")
                        }
                        return versioned.defer("upper", text: "b")
                    }
                    let interfaces: [InterfaceDefinition] = [
                        .init(EchoService.self, as: "echo"), .init(EchoService.self, as: "echo", version: "2.1.0"),
                    ]
                    try await withServiceContainer(fixture.container(interfaces)) { _ in
                        let first = try await patient.value
                        #expect(first == "A")
                        let second = try await other.value
                        #expect(second == "B")
                    }
                }
            }
        }

        @Test("an instance with too much to do passes its calls to another", arguments: Medium.allCases)
        func overloaded(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let busy = try fixture.container { $0.maxConcurrentRequests = 1 }
                try await withServiceContainer(busy) { endpoint in
                    try await withClient(fixture.client()) { client in
                        let direct = client.proxy(endpoint.description, interface: "echo", timeout: .seconds(300))
                        let occupation = direct.defer("sleep", seconds: 300)
                        // Alone, it can only refuse.
                        try await eventually { await busy.client.poller.runningRequests == 1 }
                        let echo = client.proxy("echo", timeout: .seconds(20))
                        await expect(.nack, "overloaded") { try await echo.call("upper", text: "a") }
                        try await withServiceContainer(fixture.container()) { _ in
                            // As soon as the client has heard of the second.
                            try await eventually { (try? await echo.call("upper", text: "a")) == "A" }
                            for _ in 0..<50 {
                                let text: String = try await echo.upper(text: "a")
                                #expect(text == "A")
                            }
                        }
                        occupation.cancel()
                        await finish(occupation)
                    }
                    busy.client.poller.submit { $0.cancelHandlers() }
                }
            }
        }

        @Test(
            "a call may wait for a service that was never registered; without permission it fails",
            arguments: Medium.allCases)
        func firstInstanceEver(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withClient(fixture.client()) { client in
                    let echo = client.proxy("echo", timeout: .seconds(30))
                    let patient: Task<String, any Error> = echo.with(waitForReady: true).defer("upper", text: "a")
                    let brief: Task<String, any Error> =
                        echo.with(timeout: .milliseconds(300), waitForReady: true).defer("upper", text: "b")
                    let error = await #expect(throws: LymphError.self) { try await brief.value }
                    #expect(error?.code == .lookupFailure)
                    let other = await #expect(throws: LymphError.self) { try await echo.call("upper", text: "c") }
                    #expect(other?.code == .lookupFailure)
                    try await withServiceContainer(fixture.container()) { _ in
                        let text = try await patient.value
                        #expect(text == "A")
                    }
                }
            }
        }

        @Test("an instance that stops passes its calls to another", arguments: Medium.allCases)
        func draining(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let stopping = try fixture.container { $0.drainTimeout = .seconds(300) }
            try await withServiceContainer(fixture.container()) { _ in
                try await withServiceContainer(stopping) { _ in
                    try await withClient(fixture.client()) { client in
                        // In practice it would have left the registry; here the client doesn't learn of it.
                        await stopping.client.poller.drain()
                        let echo = client.proxy("echo", timeout: .seconds(20))
                        for _ in 0..<50 {
                            let text: String = try await echo.upper(text: "a")
                            #expect(text == "A")
                        }
                    }
                }
            }
        }

        @Test("an idempotent call goes to another instance when the first falls silent", arguments: Medium.allCases)
        func idempotent(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let silent = try await RawService(fixture)
                try await fixture.registry.register(ServiceInstance(service: "echo", endpoint: silent.endpoint))
                try await withClient(fixture.client()) { client in
                    let echo = client.proxy("echo", timeout: .seconds(300)).with(idempotent: true)
                    let call: Task<String, any Error> = echo.defer("upper", text: "a")
                    _ = await silent.nextID()
                    try await withServiceContainer(fixture.container()) { _ in
                        let text = try await within(Health.silence) { try await call.value }
                        #expect(text == "A")
                        #expect(await client.poller.summary(of: silent.endpoint)?.state == .unresponsive)
                        // And so do all later calls, without waiting for that.
                        try await within(.zero) {
                            for _ in 0..<20 { let _: String = try await echo.with(idempotent: false).upper(text: "b") }
                        }
                    }
                }
                await silent.close()
            }
        }

        @Test(
            "a call that may wait waits for another instance when the last one refuses", arguments: Medium.allCases)
        func refusedByTheLast(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let stopping = try fixture.container()
            try await withServiceContainer(stopping) { _ in
                try await withClient(fixture.client()) { client in
                    let echo = client.proxy("echo", timeout: .seconds(300))
                    let _: String = try await echo.upper(text: "a")
                    await stopping.client.poller.drain()
                    await expect(.nack, "draining") { try await echo.call("upper", text: "a") }
                    let patient: Task<Int, any Error> = echo.with(waitForReady: true).defer("count")
                    // It was refused, and waits only once.
                    try await eventually {
                        await stopping.client.poller.statistics.all.contains {
                            $0.tags.values.contains("nack_draining") && $0.value == 2
                        }
                    }
                    try await withServiceContainer(fixture.container()) { _ in
                        let count = try await patient.value
                        #expect(count == 0)
                        #expect(await client.poller.waitingCalls == 0)
                    }
                }
            }
        }

        @Test("a late refusal by an instance asked earlier does not end a call", arguments: Medium.allCases)
        func lateRefusal(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let (first, second) = (try await RawService(fixture), try await RawService(fixture))
                try await fixture.registry.register(ServiceInstance(service: "echo", endpoint: first.endpoint))
                try await withClient(fixture.client()) { client in
                    let echo = client.proxy("echo", timeout: .seconds(300)).with(idempotent: true)
                    let call: Task<String, any Error> = echo.defer("upper", text: "a")
                    let id = await first.nextID()
                    let me = try #require(await client.poller.endpoint)
                    try await fixture.registry.register(ServiceInstance(service: "echo", endpoint: second.endpoint))
                    while await second.nextID() != id {}
                    let reason: Value = ["reason": "draining"]
                    let headers = try reason.encoded()
                    try await first.send(
                        [[UInt8]("0".utf8), [UInt8]("NACK".utf8), [UInt8](id.utf8), headers, [0xc0]], to: me)
                    // What follows on the same connection comes after it.
                    try await first.send(
                        [[UInt8]("1".utf8), [UInt8]("REP".utf8), [UInt8]("f".utf8), [0x80], [0xc0]], to: me)
                    try await eventually { await client.poller.statistics.dropped(.unknownReply) >= 1 }
                    try await second.send(
                        [[UInt8]("2".utf8), [UInt8]("REP".utf8), [UInt8](id.utf8), [0x80], [0xa1, 0x41]], to: me)
                    let text = try await call.value
                    #expect(text == "A")
                }
                await first.close()
                await second.close()
            }
        }

        @Test("a call to an absent peer fails soon, even if an answer waits for that peer")
        func behindAnAnswer() async throws {
            let fixture = Fixture(.zeroMQ)
            let container = try fixture.container()
            try await withServiceContainer(container) { endpoint in
                let nobody = try Endpoint(host: "127.0.0.1", port: 9)
                let stranger = try await RawPeer(fixture, target: endpoint, identity: nobody.description)
                try await stranger.request("echo.upper", ["text": "a"], id: "0")
                let poller = container.client.poller
                try await eventually { await poller.summary(of: nobody)?.waiting == 1 }
                let proxy = container.client.proxy(nobody.description, interface: "echo", timeout: .seconds(300))
                await expect(.notConnected, nobody.description) { try await proxy.call("upper", text: "a") }
                await stranger.close()
            }
        }

        @Test("a call that is not idempotent fails when its instance is gone for good", arguments: Medium.allCases)
        func connectionLost(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let silent = try await RawService(fixture)
                try await withClient(fixture.client()) { client in
                    let raw = client.proxy(silent.endpoint.description, interface: "echo", timeout: .seconds(300))
                    let call = raw.defer("upper", text: "a")
                    _ = await silent.nextID()
                    await silent.close()
                    do {
                        _ = try await within(Health.silence + Health.connectTime) { try await call.value }
                        Issue.record("nothing was thrown")
                    } catch let error as LymphError {
                        #expect(error.code == .connectionLost)
                        #expect(error.execution == .unknown)
                        #expect(error.message.contains(silent.endpoint.description))
                    }
                }
            }
        }

        @Test("calls that went to a process whose place is taken end when its successor answers; those to it don't")
        func successor() async throws {
            let fixture = Fixture(.zeroMQ)
            let first = try await RawService(fixture)
            try await withClient(fixture.client()) { client in
                let echo = client.proxy(first.endpoint.description, interface: "echo", timeout: .seconds(50))
                let early = echo.defer("hold")
                _ = await first.nextID()
                // Ages are told in milliseconds, and no process is replaced in one.
                try await Task.sleep(for: .milliseconds(20))
                let service = EchoService()
                let second = try fixture.container([.init(as: "echo") { _ in service }]) {
                    $0.port = first.endpoint.port
                }
                await first.close()
                // Nearly always before the client tries to restore its connection, so that it isn't refused.
                try await withServiceContainer(second) { _ in
                    let late = echo.with(waitForReady: true).defer("hold")
                    await expect(.connectionLost, first.endpoint.description) { try await early.value }
                    try await eventually { await second.client.poller.runningRequests == 1 }
                    service.letGo()
                    _ = try await late.value
                }
            }
        }

        @Test("a peer that comes back is called again", arguments: Medium.allCases)
        func back(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withClient(fixture.client()) { client in
                    let endpoint = try await withServiceContainer(fixture.container()) { endpoint in
                        let _: String = try await client.proxy("echo").upper(text: "a")
                        return endpoint
                    }
                    // Until the client notices, a call is sent and lost. In memory there is no connection to lose.
                    try await eventually {
                        guard case .zeroMQ = medium else { return true }
                        let state = await client.poller.summary(of: endpoint)?.state
                        return state == .connecting || state == .unreachable
                    }
                    let echo = client.proxy(endpoint.description, interface: "echo", timeout: .seconds(300))
                    await expect(.notConnected) { try await echo.call("upper", text: "a") }
                    try await withServiceContainer(fixture.container { $0.port = endpoint.port }) { _ in
                        // The registry reports it, so nobody waits for the next attempt to connect. A request can be lost
                        // with a connection that the old peer's port had taken; then another one has to be sent.
                        let named = client.proxy("echo", timeout: .seconds(3)).with(waitForReady: true)
                        try await eventually(within: .seconds(30)) {
                            (try? await named.upper(text: "a") as String) == "A"
                        }
                        let direct: String = try await echo.upper(text: "b")
                        #expect(direct == "B")
                    }
                }
            }
        }
    }
}
