package import Lymph

/// Reads the logs of services, and follows their instances as they come and go.
package actor Tail {
    /// Events about the reading itself.
    package enum News: Sendable, Hashable {
        /// None of the matching instances currently publishes its log.
        case silent(FleetAddress)
        /// This number of lines was dropped, because they arrived faster than they were taken.
        case dropped(Int)
    }

    private let addresses: [FleetAddress]
    private let registry: any ServiceRegistry
    private let subscriber = LogSubscriber()
    private var targets = TailTargets()
    private let write: @Sendable (TailedRecord) throws -> Void
    private let note: @Sendable (News) -> Void

    /// - Parameters:
    ///   - write: Called with every record.
    ///   - note: Called with every event.
    package init(
        _ addresses: [FleetAddress], in registry: any ServiceRegistry,
        write: @escaping @Sendable (TailedRecord) throws -> Void, note: @escaping @Sendable (News) -> Void
    ) {
        self.addresses = addresses
        self.registry = registry
        self.write = write
        self.note = note
    }

    /// Runs until the task is cancelled.
    ///
    /// - Throws: `RegistryError` if a service is unknown, and what writing throws.
    package func run(levels: [PythonLevel]) async throws {
        try await subscriber.open(levels: levels)
        let result = await Result(catching: follow)
        await subscriber.close()
        try result.get()
    }

    private func follow() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for address in addresses {
                group.addTask {
                    for await instances in try await self.registry.instances(of: address.service) {
                        try await self.update(address, instances)
                    }
                    throw FleetFailure(
                        .registryUnavailable, "the registry no longer reports changes of \(address.text)")
                }
            }
            group.addTask {
                for await record in self.subscriber.records { try await self.write(record) }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func update(_ address: FleetAddress, _ instances: [ServiceInstance]) async throws {
        let change = targets.update(address, instances)
        if targets.isSilent(address) {
            note(.silent(address))
        }
        try await subscriber.apply(change)
    }

    private func write(_ record: LogRecord) async throws {
        try write(TailedRecord(record: record, publisher: targets.publisher(at: record.source)))
        let dropped = await subscriber.takeDropped()
        if dropped > 0 { note(.dropped(dropped)) }
    }
}
