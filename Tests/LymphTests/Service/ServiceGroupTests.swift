import ServiceLifecycle
import Testing
import ZeroMQ

@testable import Lymph

private typealias Events = Lock<[String]>

extension Lock<[String]> {
    fileprivate func add(_ event: String) { withLock { $0.append(event) } }
}

/// Works from its run() to its shutdown.
private actor Database: Service {
    private let events: Events
    private let opening = ShutdownSignal()
    private var isOpen = false

    init(_ events: Events) { self.events = events }

    func run() async throws {
        isOpen = true
        events.add("database opened")
        opening.trigger()
        try? await gracefulShutdown()
        isOpen = false
        events.add("database closed")
    }

    func opened() async { await opening.wait() }

    func insert(_ row: String) throws {
        guard isOpen else { throw CancellationError() }
        events.add(row)
    }
}

private actor Orders: Interface {
    let context: InterfaceContext
    private let database: Database

    init(context: InterfaceContext, database: Database) {
        self.context = context
        self.database = database
    }

    func start() async throws {
        await database.opened()
        try await database.insert("orders started")
    }

    func stop() async { try? await database.insert("orders stopped") }

    static var routes: Routes<Orders> {
        RPC("place", "item") { (orders, item: String) in try await orders.database.insert(item) }
    }
}

/// Calls a service when it begins and when it ends.
private struct Background: Service {
    let client: Client
    let events: Events
    let started = ShutdownSignal()

    func run() async throws {
        events.add(try await client.proxy("echo").upper(text: "first"))
        started.trigger()
        try? await gracefulShutdown()
        events.add(try await client.proxy("echo").upper(text: "last"))
    }
}

@Suite("Containers in a group of services", .timeLimit(.minutes(1)))
struct ServiceGroupTests {
    private let events = Events([])

    /// Runs a group while `body` runs.
    private func run(_ services: [any Service], _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: services, logger: .quiet)
        async let running: Void = group.run()
        let result = await Result(catching: body)
        await group.triggerGracefulShutdown()
        try await running
        try result.get()
    }

    private func orders(_ database: Database) -> InterfaceDefinition {
        .init(as: "orders") { context in Orders(context: context, database: database) }
    }

    @Test(
        "an interface made with a service of the group can use it from its start to its end", arguments: Medium.allCases
    )
    func dependency(_ medium: Medium) async throws {
        let fixture = Fixture(medium)
        let database = Database(events)
        let container = try fixture.container([orders(database)])
        try await run([database, container]) {
            _ = try await container.endpoint
            let _: Void = try await withClient(fixture.client()) { client in
                try await client.proxy("orders").place(item: "apple")
            }
        }
        #expect(
            events.withLock(\.self)
                == ["database opened", "orders started", "apple", "orders stopped", "database closed"])
    }

    @Test("a container and what runs beside it share a client, which outlives both", arguments: Medium.allCases)
    func sharedClient(_ medium: Medium) async throws {
        let fixture = Fixture(medium)
        let database = Database(events)
        let client = fixture.client()
        let container = try ServiceContainer(interfaces: [orders(database)], client: client)
        let background = Background(client: client, events: events)
        try await withServiceContainer(fixture.container()) { _ in
            try await run([client, background, database, container]) {
                #expect(try await container.endpoint == client.poller.endpoint)
                await background.started.wait()
                try await client.proxy("orders").place(item: "apple")
                #expect(await fixture.registry.services().contains("orders"))
            }
        }
        let events = events.withLock(\.self)
        #expect(events.suffix(3) == ["orders stopped", "database closed", "LAST"])
        #expect(Set(events.dropLast(3)) == ["database opened", "orders started", "FIRST", "apple"])
        #expect(await fixture.registry.services().contains("orders") == false)
        // What has run does not run again.
        await expect(.alreadyRunning) { try await container.run() }
        let second = try ServiceContainer(interfaces: [orders(database)], client: client)
        await expect(.alreadyRunning, "one container") { try await second.run() }
    }

    @Test("a client that can't run is the error of its container, too")
    func failingClient() async throws {
        let fixture = Fixture(.zeroMQ)
        let client = fixture.client { ($0.ip, $0.security) = ("192.0.2.1", .off) }
        let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")], client: client)
        let running = Task { try await container.run() }
        await expect(.bindFailure) { try await client.run() }
        await expect(.bindFailure) { try await running.value }
        await expect(.bindFailure) { _ = try await container.endpoint }
    }

    @Test("a container that is stopped before its client runs does nothing")
    func stoppedBefore() async throws {
        let client = Fixture(.inMemory).client()
        let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")], client: client)
        async let running: Void = container.run()
        container.beginGracefulShutdown()
        try await running
        await expect(.stopped) { _ = try await container.endpoint }
        // The client is not stopped with it.
        try await withClient(client) { _ in }
    }

    @Test("a container whose client ends stops")
    func endedClient() async throws {
        let fixture = Fixture(.inMemory)
        let client = fixture.client()
        let database = Database(events)
        let container = try ServiceContainer(interfaces: [orders(database)], client: client)
        try await run([database]) {
            async let running: Void = container.run()
            try await withClient(client) { _ in _ = try await container.endpoint }
            try await running
        }
        #expect(events.withLock(\.self).contains("orders stopped"))
        #expect(await fixture.registry.services().isEmpty)
    }

    @Test("a client that has ended serves no container")
    func clientBefore() async throws {
        let client = Fixture(.inMemory).client()
        try await withClient(client) { _ in }
        let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")], client: client)
        await expect(.stopped) { try await container.run() }
    }
}
