internal import Logging
public import Lymph

internal import class ZeroMQ.Lock

/// Services, mocks of services, and a client, in memory and in the time of a ``TestClock``.
///
/// ```swift
/// try await withTestNetwork { network in
///     try await network.mock("inventory.take", .returns(true))
///     try await network.serve(.init(OrdersService.self, as: "orders"))
///     let order: Order = try await network.proxy("orders").place(lines: lines)
///     try network.expectCalls("inventory.take", with: ["sku": "apple"])
/// }
/// ```
///
/// Messages are encoded, routed, retried and timed out as on a real network.
public final class TestNetwork: Sendable {
    private struct State {
        var services: [TestService] = []
        var mocks: [String: MockedService] = [:]
    }

    /// What makes a process a part of the network.
    private struct Equipment {
        let members: InMemoryNetwork
        let log: CallLog
        let strangers: Strangers
        let clock: TestClock

        func equip(_ configuration: PeerConfiguration, as name: String, isMock: Bool = false) -> PeerConfiguration {
            var configuration = configuration
            configuration.transport = .inMemory(members)
            configuration.clientInterceptors.append(
                CallRecorder(caller: name, log: log, clock: clock, strangers: strangers))
            configuration.serviceInterceptors.insert(
                RequestRecorder(log: log, clock: clock, isMock: isMock), at: 0)
            return configuration
        }
    }

    /// The time of the network.
    public let clock: TestClock

    /// The client of the test.
    public let client: Client

    /// Where services of the network find each other.
    public let registry = StaticRegistry()

    let log = CallLog()
    let strangers: Strangers
    private let equipment: Equipment
    private let configuration: PeerConfiguration
    private let logger: Logger
    private let state = Lock(State())
    private let clientNode = Lock<Node?>(nil)

    init(configuration: PeerConfiguration, clock: TestClock, isStrict: Bool, logger: Logger) {
        self.clock = clock
        self.logger = logger
        strangers = Strangers(isStrict: isStrict)
        var configuration = configuration
        // Whatever a test needs is there before it is called.
        configuration.startupGrace = .zero
        // Several processes can't listen on one port.
        configuration.port = 0
        self.configuration = configuration
        equipment = Equipment(
            members: InMemoryNetwork { [scheduler = clock.scheduler] in scheduler.makeLoop() }, log: log,
            strangers: strangers, clock: clock)
        client = Client(
            registry: registry, configuration: equipment.equip(configuration, as: "test"), logger: logger)
    }

    /// Begins to run the client.
    func start() {
        let node = Node("the test's client", on: clock) { [client] in try await client.run() }
        clientNode.withLock { $0 = node }
    }

    /// The methods of a service of the network, called by the test; see
    /// ``/Lymph/Client/proxy(_:interface:version:timeout:errors:)``.
    public func proxy(
        _ address: String, interface: String? = nil, version: String? = nil, timeout: Duration? = nil,
        errors: ErrorMap = [:]
    ) -> Proxy {
        client.proxy(address, interface: interface, version: version, timeout: timeout, errors: errors)
    }

    /// Runs interfaces in a container of their own, as a process would, until the test ends. Returns when they can be
    /// called.
    ///
    /// - Parameters:
    ///   - interfaces: What the container serves. The same may be served by several containers.
    ///   - configuration: Where it listens and what it allows; by default that of the network.
    /// - Throws: What an interface's initialiser or `start()` throws, ``/Lymph/LymphError``, or ``TestFailure`` if one
    ///   of the interfaces is mocked.
    @discardableResult
    public func serve(
        _ interfaces: InterfaceDefinition..., configuration: PeerConfiguration? = nil
    ) async throws -> TestService {
        for interface in interfaces
        where state.withLock({ $0.mocks[Self.key(interface.name, interface.version)] != nil }) {
            throw TestFailure("\(Self.key(interface.name, interface.version)) is mocked, so it can't be served as well")
        }
        let name = interfaces.map(\.name).joined(separator: ", ")
        let service = TestService(
            try container(interfaces, as: name, configuration ?? self.configuration), interfaces, as: name, on: clock)
        state.withLock { $0.services.append(service) }
        do { try await ready(service) } catch {
            // The test has the error already.
            if service.node.hasEnded { state.withLock { $0.services.removeAll { $0 === service } } }
            throw error
        }
        return service
    }

    private func container(
        _ interfaces: [InterfaceDefinition], as name: String, _ configuration: PeerConfiguration, isMock: Bool = false
    ) throws -> ServiceContainer {
        let container = try ServiceContainer(
            interfaces: interfaces, registry: registry,
            configuration: equipment.equip(configuration, as: name, isMock: isMock),
            // What a mock refuses is no news.
            logger: isMock ? .none : logger)
        strangers.add(container, interfaces)
        return container
    }

    // In the network's time, wherever the test runs.
    @concurrent private func ready(_ service: TestService) async throws {
        clock.beginWaiting()
        defer { clock.endWaiting() }
        _ = try await service.endpoint
        // Until its callers know it.
        await clock.settle()
    }

    /// Logs a problem at once.
    func report(_ problem: String) { logger.error("\(problem)") }

    // MARK: Mocks

    /// A service and its version, for people.
    static func key(_ service: String, _ version: Version?) -> String { "\(VersionedName(service, version))" }

    /// The mocked service, running at least this many instances.
    func mockedService(_ name: String, _ version: Version?, instances: Int) async throws -> MockedService {
        let key = Self.key(name, version)
        let isServed = state.withLock { state in
            state.services.contains { !$0.node.hasEnded && $0.interfaces.contains(key) }
        }
        guard !isServed else { throw TestFailure("\(key) is served in this network, so it can't be mocked as well") }
        let service = state.withLock { state in
            state.mocks[key]
                ?? {
                    let service = MockedService(name, version, clock)
                    state.mocks[key] = service
                    return service
                }()
        }
        while service.instances.count < instances {
            let instance = TestService(
                try container([service.definition], as: "the mock of \(key)", configuration, isMock: true),
                [], as: "the mock of \(key)", on: clock)
            service.add(instance)
            try await ready(instance)
        }
        return service
    }

    /// The services that the test runs.
    var services: [TestService] { state.withLock(\.services) }

    /// The mocked services, in a stable order.
    var mocks: [MockedService] { state.withLock { $0.mocks.sorted { $0.key < $1.key }.map(\.value) } }

    /// What runs behind the test's services.
    var background: [Node] {
        mocks.flatMap { $0.instances.map(\.node) } + (clientNode.withLock(\.self).map { [$0] } ?? [])
    }
}
