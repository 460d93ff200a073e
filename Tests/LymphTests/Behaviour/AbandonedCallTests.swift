import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    /// When a caller gives up, the work stops, at every hop.
    @Suite("Abandoned calls", .timeLimit(.minutes(1)))
    struct AbandonedCallTests {
        private static let places: [PeerConfiguration.HandlerExecutor] = [.pool, .poller]
        private static let interfaces = ["a", "b", "c"].map { name in
            InterfaceDefinition(as: name) { Hop($0) }
        }

        /// How a caller gives up.
        enum Way: CaseIterable {
            case cancellation, timeout, end
        }

        @Test(
            "the method is cancelled, whatever the reason, even in the first call", arguments: Medium.allCases,
            Way.allCases)
        func ways(_ medium: Medium, _ way: Way) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container(Self.interfaces)
                try await withServiceContainer(container) { _ in
                    let poller = container.client.poller
                    let client = fixture.client()
                    let running = TestTime.start { try await client.run() }
                    // The deadline is far away, so that it isn't what ends the method.
                    let timeout = way == .timeout ? Duration.seconds(1) : .seconds(3600)
                    let proxy = client.proxy("a", timeout: timeout)
                    let call = TestTime.start { try await proxy.call("wait", path: ["a"]) }
                    try await eventually { await poller.runningRequests == 1 }
                    switch way {
                    case .cancellation: call.cancel()
                    case .timeout: break
                    case .end: client.beginGracefulShutdown()
                    }
                    _ = await call.result
                    try await eventually(within: .seconds(60)) { await poller.residue.isEmpty }
                    // A timeout and the deadline come at the same time.
                    let statistics = await poller.statistics
                    let byDeadline = way == .timeout ? statistics.cancelled(.deadline) : 0
                    #expect(statistics.cancelled(.caller) + byDeadline == 1)
                    client.beginGracefulShutdown()
                    try await running.value
                }
            }
        }

        @Test("methods further down are cancelled, too", arguments: Medium.allCases, places)
        func chain(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            try await withFixture(medium) { fixture in
                // One process for each service.
                let containers = try Self.interfaces.map { definition in
                    try fixture.container([definition]) { $0.handlerExecutor = place }
                }
                try await withServiceContainer(containers[0]) { _ in
                    try await withServiceContainer(containers[1]) { _ in
                        try await withServiceContainer(containers[2]) { _ in
                            try await withClient(fixture.client()) { client in
                                try await giveUp(client, containers)
                            }
                        }
                    }
                }
            }
        }

        /// Makes calls over three services and gives them up.
        private func giveUp(_ client: Client, _ containers: [ServiceContainer]) async throws {
            let pollers = containers.map(\.client.poller)
            let proxy = client.proxy("a", timeout: .seconds(3600))
            for round in 1...20 {
                let call = TestTime.start { try await proxy.call("wait", path: ["a", "b", "c"]) }
                try await eventually { await pollers[2].runningRequests == 1 }
                // A call beside it goes on.
                let other = TestTime.start { try await proxy.call("wait", path: ["a", "b"]) }
                try await eventually { await pollers[1].runningRequests == 2 }
                call.cancel()
                _ = await call.result
                try await within(.milliseconds(10)) {
                    try await eventually(within: .seconds(60)) { await pollers[2].residue.isEmpty }
                }
                try await eventually(within: .seconds(60)) { await pollers[1].runningRequests == 1 }
                try await client.proxy("b").call("go")
                #expect(try await other.value == "done")
                try await eventually(within: .seconds(60)) {
                    for poller in pollers where await !poller.residue.isEmpty { return false }
                    return true
                }
                #expect(await pollers[2].statistics.cancelled(.caller) == round)
            }
        }

        @Test("many given up at once take no worker that others need", arguments: Medium.allCases, places)
        func many(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container(Self.interfaces) { $0.handlerExecutor = place }
                try await withServiceContainer(container) { _ in
                    try await withClient(fixture.client()) { client in
                        let poller = container.client.poller
                        let proxy = client.proxy("a", timeout: .seconds(3600))
                        try await proxy.call("ready")
                        for _ in 0..<5 {
                            let calls = (0..<100).map { _ in
                                TestTime.start { try await proxy.call("wait", path: ["a"]) }
                            }
                            try await eventually { await poller.runningRequests == 100 }
                            for call in calls { call.cancel() }
                            for call in calls { _ = await call.result }
                            for _ in 0..<10 { #expect(try await proxy.call("is_cancelled") == false) }
                            try await eventually(within: .seconds(60)) { await poller.residue.isEmpty }
                        }
                        #expect(await poller.statistics.cancelled(.caller) == 500)
                        #expect(await poller.workerTasks.count <= 100)
                    }
                }
            }
        }

        @Test("a kept channel learns that its caller has given up", arguments: Medium.allCases)
        func kept(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture, interfaces: Self.interfaces) { client, container in
                    let poller = container.client.poller
                    let proxy = client.proxy("a", timeout: .seconds(3600))
                    try await proxy.call("ready")
                    let call = TestTime.start { try await proxy.call("keep") }
                    try await eventually { await poller.openChannels == 1 }
                    #expect(try await proxy.call("are_cancelled") == [false])
                    call.cancel()
                    _ = await call.result
                    try await eventually { await poller.openChannels == 0 }
                    #expect(try await proxy.call("are_cancelled") == [true])
                    try await proxy.call("answer_kept")
                    #expect(await client.poller.statistics.dropped(.unknownReply) == 0)
                }
            }
        }

        @Test("a kept channel that nobody has answered when the service stops is refused", arguments: Medium.allCases)
        func keptAtTheEnd(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container(Self.interfaces)
                try await withClient(fixture.client()) { client in
                    let call = try await withServiceContainer(container) { endpoint in
                        let proxy = client.proxy(endpoint.description, interface: "a", timeout: .seconds(60))
                        try await proxy.call("ready")
                        let call = TestTime.start { try await proxy.call("keep_for_ever") }
                        try await eventually { await container.client.poller.openChannels == 1 }
                        return call
                    }
                    await expect(.nack, "a.keep_for_ever") { try await call.value }
                }
            }
        }
    }
}

extension Poller {
    fileprivate var openChannels: Int { requests.openChannels }
}

/// A service whose methods call the next one, and wait.
private actor Hop: Interface {
    let context: InterfaceContext
    private var kept: [ReplyChannel] = []
    private var going = ShutdownSignal()
    private static let forever = Kept()

    init(_ context: InterfaceContext) { self.context = context }

    static let routes = Routes<Hop> {
        RPC("ready") { _ in }
        RPC("is_cancelled") { _ in Task.isCancelled }
        RPC("wait", "path") { (hop, path: [String]) in try await hop.wait(path) }
        RPC("go") { hop in
            hop.going.trigger()
            hop.going = ShutdownSignal()
        }
        RawRPC("keep") { hop, channel, _ in hop.kept.append(channel) }
        RawRPC("keep_for_ever") { _, channel, _ in forever.keep(channel) }
        RPC("are_cancelled") { hop in hop.kept.map(\.isCancelled) }
        RPC("answer_kept") { hop in
            let channels = hop.kept
            hop.kept = []
            for channel in channels { await channel.ack() }
        }
    }

    /// Waits at the end of the path.
    private func wait(_ path: [String]) async throws -> String {
        guard path.count > 1 else {
            await going.wait()
            try Task.checkCancellation()
            return "done"
        }
        return try await context.client.proxy(path[1]).with(timeout: .seconds(3600))
            .call("wait", path: Array(path.dropFirst()))
    }
}

/// Channels that outlive their interface.
private final class Kept: Sendable {
    private let channels = Lock<[ReplyChannel]>([])

    func keep(_ channel: ReplyChannel) { channels.withLock { $0.append(channel) } }
}
