public import Lymph
internal import ZeroMQ

/// A fleet in one thread and in virtual time, whose course depends only on a seed.
///
/// See ``simulate(_:_:)``.
public final class Simulation: @unchecked Sendable {  // Confined to the thread of its simulation.
    /// What the course depends on.
    public let seed: UInt64

    let scheduler: ManualScheduler
    let network: SimulatedNetwork
    let registry: SimulatedRegistry
    /// The faults instead of those that a plan would choose, when a failure is narrowed down.
    private let givenFaults: [Fault]?
    private var random: SplitMix64
    /// The nodes, in the order in which they were added.
    public private(set) var nodes: [SimulatedNode] = []
    private var clients: [SimulatedProcess] = []
    /// All that have ever run.
    private var processes: [SimulatedProcess] = []
    private(set) var faults: [Fault] = []
    private(set) var findings: [String] = []
    private(set) var reached: Set<String> = []
    private(set) var trace = Trace()

    init(seed: UInt64, faults: [Fault]? = nil) {
        self.seed = seed
        givenFaults = faults
        var random = SplitMix64(seed: seed)
        scheduler = ManualScheduler(seed: random.next(), isStrict: true)
        network = SimulatedNetwork(scheduler, seed: random.next())
        registry = SimulatedRegistry(scheduler, seed: random.next())
        self.random = random
    }

    // MARK: The fleet

    /// Adds a node, and returns when it serves.
    ///
    /// - Parameters:
    ///   - name: Its name, for people and for faults.
    ///   - configuration: Its settings; port and transport are those of the simulation.
    ///   - interfaces: Makes what it serves, each time that it starts.
    @discardableResult
    public func node(
        _ name: String, configuration: PeerConfiguration = .init(),
        _ interfaces: @escaping @Sendable (SimulatedProcess) -> [InterfaceDefinition]
    ) async -> SimulatedNode {
        if self.node(name) != nil { fail("two nodes are named \(name): faults could not tell them apart") }
        let node = SimulatedNode(name, in: self, configuration, interfaces)
        nodes.append(node)
        await node.start(samePort: true)
        return node
    }

    /// Runs code with a client in a process of its own. The process goes on until the end, so that what others still send to
    /// it arrives.
    ///
    /// - Parameters:
    ///   - name: Its name, for people and for faults.
    ///   - configuration: Its settings; port and transport are those of the simulation.
    ///   - body: The code.
    public func client(
        _ name: String, configuration: PeerConfiguration = .init(),
        _ body: @escaping @Sendable (Client, SimulatedProcess) async -> Void
    ) async {
        let process = SimulatedProcess(name, in: self)
        clients.append(process)
        var configuration = configuration
        configuration.transport = .network(network)
        let client = await process.startClient(configuration)
        await withTaskExecutorPreference(process.executor) { await body(client, process) }
    }

    /// Where a node can be reached now; nil if it doesn't run.
    public func endpoint(of node: String) -> Endpoint? { self.node(node)?.process?.endpoint }

    func add(_ process: SimulatedProcess) { processes.append(process) }

    func node(_ name: String) -> SimulatedNode? { nodes.first { $0.name == name } }

    func process(_ name: String) -> SimulatedProcess? {
        node(name)?.process ?? clients.first { $0.name == name }
    }

    /// The number of messages that fit into a direction of a connection before its sender has to wait; drawn from the seed.
    public var connectionCapacity: Int {
        get { network.capacity }
        set { network.capacity = newValue }
    }

    // MARK: Time and chance

    /// Returns after a duration of the virtual time.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws { try await scheduler.sleep(for: duration) }

    /// The virtual time since the beginning.
    public var time: Duration { scheduler.now - .origin }

    /// How late anything can be at most: for how long nodes have stood still, and how far the time has jumped.
    public var lateness: Duration { scheduler.lateness }

    /// A random number that depends only on the seed.
    public func draw(in range: ClosedRange<Int>) -> Int { random.next(in: range) }

    /// Whether something happens that has this probability.
    public func chance(_ probability: Double) -> Bool { random.chance(probability) }

    func choose(_ plan: FaultPlan, within time: Duration) {
        let seed = random.next()
        faults = givenFaults ?? plan.faults(seed: seed, within: time)
    }

    /// Decides whom a fault concerns, among those who are there.
    func chooseVictims(ofFault number: Int) -> Fault {
        let (count, areNodes) = faults[number].kind.victims
        var names = nodes.map(\.name) + (areNodes ? [] : clients.map(\.name))
        faults[number].victims = faults[number].picks.prefix(count).compactMap { pick in
            names.isEmpty ? nil : names.remove(at: pick % names.count)
        }
        return faults[number]
    }

    // MARK: Findings

    /// Notes an event for the reader of a failure.
    public func note(_ event: @autoclosure () -> String) { trace.add(event(), at: scheduler.now) }

    /// Notes that something is wrong; the seed fails.
    public func fail(_ finding: String) {
        findings.append(finding)
        note("FAILED: \(finding)")
    }

    /// Notes that a situation was reached. A run of many seeds fails if none of them reaches it.
    public func sometimes(_ situation: String) { reached.insert(situation) }

    // MARK: Ending

    /// Waits until no process has anything left to do; what is left after `time` is a finding.
    public func expectQuiet(within time: Duration) async {
        let end = scheduler.now + time
        var left = await residue()
        while !left.isEmpty, scheduler.now < end {
            try? await scheduler.sleep(for: .milliseconds(100))
            left = await residue()
        }
        for what in left { fail("not quiet: \(what)") }
    }

    private func residue() async -> [String] {
        var all: [String] = []
        for process in nodes.compactMap(\.process) + clients { all += await process.residue() }
        return all
    }

    /// Stops every process.
    func end() async {
        for process in clients {
            await process.stop()
            await process.noteSituations()
        }
        for node in nodes { _ = await node.stop() }
        // The dead are remembered for a while.
        if !registry.names.isEmpty { try? await scheduler.sleep(for: SimulatedRegistry.memory) }
        if !registry.names.isEmpty {
            fail("after the end of everybody there are still registered: \(registry.names.joined(separator: ", "))")
        }
        if !registry.isUnwatched { fail("the registry is still watched after the end of everybody") }
    }

    /// Releases everything that has run.
    func release() {
        for process in processes { process.release() }
        (processes, clients, nodes) = ([], [], [])
    }
}
