internal import Logging
internal import Lymph
internal import ZeroMQ

/// A process of a simulated fleet.
public final class SimulatedProcess: @unchecked Sendable {  // Confined to the thread of its simulation.
    /// The name of its node.
    public let name: String

    private unowned let simulation: Simulation
    private let session: RegistrySession
    private(set) var endpoint: Endpoint?
    private var container: ServiceContainer?
    private var client: Client?
    private var task: Task<Void, Never>?
    private var loop: (any EventLoop)?

    /// Whether it has not crashed. What code of a process does after its crash is no part of the simulation.
    public private(set) var isAlive = true

    init(_ name: String, in simulation: Simulation) {
        self.name = name
        self.simulation = simulation
        session = RegistrySession(simulation.registry)
        simulation.add(self)
    }

    // MARK: Running

    /// Returns when it serves or has failed to.
    func start(_ interfaces: [InterfaceDefinition], _ configuration: PeerConfiguration) async {
        do {
            let container = try ServiceContainer(
                interfaces: interfaces, registry: session, configuration: configuration, logger: .none)
            self.container = container
            run(container.client) { try await container.run() }
            endpoint = try await container.endpoint
        } catch {
            if isAlive { simulation.fail("\(name) has not started: \(error)") }
        }
    }

    /// Runs a client instead of interfaces.
    func startClient(_ configuration: PeerConfiguration) async -> Client {
        let client = Client(registry: session, configuration: configuration, logger: .none)
        self.client = client
        run(client) { try await client.run() }
        endpoint = try? await client.opening.value()
        return client
    }

    private func run(_ client: Client, _ body: @escaping @Sendable () async throws -> Void) {
        loop = client.poller.loop
        task = Task(executorPreference: executor) { [self] in
            do { try await body() } catch {
                if isAlive { simulation.fail("\(name) has ended with \(error)") }
            }
        }
    }

    /// The executor of its tasks.
    var executor: any TaskExecutor { loop?.pool ?? simulation.scheduler.executor }

    func stop() async {
        container?.beginGracefulShutdown()
        client?.beginGracefulShutdown()
        await task?.value
        isAlive = false
    }

    func crash(isNoticed: Bool) {
        isAlive = false
        if let endpoint { simulation.network.crash(endpoint, isNoticed: isNoticed) }
        session.die()
        task?.cancel()
        if let loop { simulation.scheduler.thaw(loop) }
    }

    /// Releases what has run. Its interfaces know the process in turn, so nothing of it would ever be released.
    func release() { (container, client, task, loop) = (nil, nil, nil, nil) }

    // MARK: Faults

    /// Nothing of the process runs for a while, as if a method blocked the thread.
    public func freeze(for duration: Duration) {
        if let loop, isAlive { simulation.scheduler.freeze(loop, for: duration) }
    }

    func thaw() { if let loop { simulation.scheduler.thaw(loop) } }

    func expireSession(for duration: Duration) { session.expire(for: duration) }

    // MARK: Checks

    /// Notes what the process has counted as situations that were reached; for every fourth seed, because looking at all
    /// counters takes long.
    func noteSituations() async {
        guard simulation.seed % 4 == 0, let poller = (container?.client ?? client)?.poller else { return }
        for metric in await poller.statistics.all where metric.value > 0 {
            simulation.sometimes("\(metric.name) \(metric.tags.values.sorted().joined(separator: " "))")
        }
    }

    /// What the process still has, though nothing is asked of it any more.
    func residue() async -> [String] {
        guard let poller = (container?.client ?? client)?.poller else { return [] }
        return await poller.residue.map { "\(name): \($0)" }
    }
}

extension Logger {
    /// Logs nothing.
    static var none: Logger { Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() } }
}
