internal import Lymph
internal import ZeroMQ

/// A node of a simulated fleet: runs a process, and after its end another one.
public final class SimulatedNode: @unchecked Sendable {  // Confined to the thread of its simulation.
    /// The name, for people and for faults.
    public let name: String

    private unowned let simulation: Simulation
    private let configuration: PeerConfiguration
    private let interfaces: @Sendable (SimulatedProcess) -> [InterfaceDefinition]
    // The port of the process before; 0 for any free one.
    private var port: UInt16 = 0
    /// The process that runs, if any.
    public private(set) var process: SimulatedProcess?
    private var isChanging = false

    init(
        _ name: String, in simulation: Simulation, _ configuration: PeerConfiguration,
        _ interfaces: @escaping @Sendable (SimulatedProcess) -> [InterfaceDefinition]
    ) {
        self.name = name
        self.simulation = simulation
        self.configuration = configuration
        self.interfaces = interfaces
    }

    /// Starts a process, and returns when it serves or has failed to.
    func start(samePort: Bool) async {
        defer { isChanging = false }
        guard process == nil else { return }
        var configuration = configuration
        configuration.port = samePort ? port : 0
        configuration.transport = .network(simulation.network)
        let process = SimulatedProcess(name, in: simulation)
        self.process = process
        await process.start(interfaces(process), configuration)
        port = process.endpoint?.port ?? port
    }

    /// Stops the process gracefully.
    ///
    /// - Returns: Whether it ran.
    func stop() async -> Bool {
        guard !isChanging, let process else { return false }
        isChanging = true
        await process.stop()
        await process.noteSituations()
        self.process = nil
        return true
    }

    /// Ends the process without a word.
    func crash(isNoticed: Bool) -> Bool {
        guard !isChanging, let process else { return false }
        isChanging = true
        process.crash(isNoticed: isNoticed)
        self.process = nil
        return true
    }

    func expireSession(for duration: Duration) { process?.expireSession(for: duration) }

    /// Makes the node run again.
    func recover() async {
        process?.thaw()
        if process == nil, !isChanging { await start(samePort: true) }
    }
}
