internal import Lymph
internal import ZeroMQ

/// A registry that may be late, lose sessions and remember the dead.
final class SimulatedRegistry: @unchecked Sendable {  // Confined to the thread of its simulation.
    private let scheduler: ManualScheduler
    private let loop: any EventLoop
    private var random: SplitMix64
    private var services: [String: [String: ServiceInstance]] = [:]
    private let watchers = Lock(InstanceWatchers())
    /// How long it remembers processes that have crashed.
    static let memory = Duration.seconds(4)
    /// How late it may be.
    var mostMicroseconds = 2000

    init(_ scheduler: ManualScheduler, seed: UInt64) {
        self.scheduler = scheduler
        loop = scheduler.makeLoop()
        random = SplitMix64(seed: seed)
    }

    deinit { loop.stop() }

    fileprivate func drawDelay() -> Duration { .microseconds(Int64(random.next(in: 100...mostMicroseconds))) }

    /// Answers late.
    fileprivate func wait() async throws { try await scheduler.sleep(for: drawDelay()) }

    fileprivate func put(_ instance: ServiceInstance) {
        services[instance.service, default: [:]][instance.id] = instance
        publish(instance.service)
    }

    fileprivate func remove(_ instance: ServiceInstance) {
        guard services[instance.service]?.removeValue(forKey: instance.id) != nil else { return }
        publish(instance.service)
    }

    fileprivate func after(_ duration: Duration, _ body: @escaping @Sendable () -> Void) {
        scheduler.schedule(after: duration, on: loop, body)
    }

    private func publish(_ service: String) {
        after(drawDelay()) { [self] in
            let instances = services[service, default: [:]].values
            watchers.withLock { $0.publish(instances, of: service) }
        }
    }

    /// The names with at least one instance, sorted.
    var names: [String] { services.filter { !$0.value.isEmpty }.keys.sorted() }

    fileprivate func watch(_ service: String) throws(RegistryError) -> AsyncStream<[ServiceInstance]> {
        guard let instances = services[service] else { throw .unknown(service, among: services.keys) }
        return watchers.withLock { watchers in
            watchers.add(service: service, first: Array(instances.values)) { number in
                self.watchers.withLock { $0.remove(number) }
            }
        }
    }

    /// Whether nobody watches anything.
    var isUnwatched: Bool { watchers.withLock(\.isEmpty) }
}

/// The session of one process with a registry.
final class RegistrySession: ServiceRegistry, @unchecked Sendable {  // Confined to the thread of its simulation.
    private let registry: SimulatedRegistry
    private var registered: [ServiceInstance] = []
    private var isDead = false

    init(_ registry: SimulatedRegistry) { self.registry = registry }

    func register(_ instance: ServiceInstance) async throws {
        try await registry.wait()
        guard !isDead else { return }
        registered.append(instance)
        registry.put(instance)
    }

    func unregister(_ instance: ServiceInstance) async {
        try? await registry.wait()
        guard !isDead else { return }
        registered.removeAll { $0.id == instance.id }
        registry.remove(instance)
    }

    func services() async throws -> [String] {
        try await registry.wait()
        return registry.names
    }

    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
        try await registry.wait()
        return try registry.watch(service)
    }

    /// The session is lost for a while, with all that was registered in it.
    func expire(for duration: Duration) {
        for instance in registered { registry.remove(instance) }
        registry.after(duration) { [self] in
            guard !isDead else { return }
            for instance in registered { registry.put(instance) }
        }
    }

    /// The process is gone; the registry notices later.
    func die() {
        isDead = true
        let left = registered
        registry.after(SimulatedRegistry.memory) { [registry] in for instance in left { registry.remove(instance) } }
    }
}
