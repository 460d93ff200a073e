internal import Lymph

/// Reads the logs of services and follows them as their instances come and go.
actor Tail {
    private let addresses: [FleetAddress]
    private let registry: any ServiceRegistry
    private let subscriber = LogSubscriber()
    private var targets = TailTargets()
    private let write: @Sendable (LogLine) throws -> Void
    private let note: @Sendable (Line) -> Void

    /// - Parameters:
    ///   - write: Gets every line.
    ///   - note: Gets what there is to say about the reading itself.
    init(
        _ addresses: [FleetAddress], in registry: any ServiceRegistry,
        write: @escaping @Sendable (LogLine) throws -> Void, note: @escaping @Sendable (Line) -> Void
    ) {
        self.addresses = addresses
        self.registry = registry
        self.write = write
        self.note = note
    }

    /// Runs until the task is cancelled.
    ///
    /// - Throws: `RegistryError` if a service is unknown, and what writing throws.
    func run(levels: [PythonLevel]) async throws {
        try await subscriber.open(levels: levels)
        let result = await Result { try await follow() }
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
                    throw Failure(.registryUnavailable, "the registry no longer tells about \(address.text)")
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
            note("no instance of \(address.text) publishes its log now; waiting for one")
        }
        try await subscriber.apply(change)
    }

    private func write(_ record: LogRecord) async throws {
        try write(LogLine(record: record, publisher: targets.publisher(at: record.source)))
        let dropped = await subscriber.takeDropped()
        if dropped > 0 { note("\(dropped) lines were dropped: they came faster than they could be written") }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
