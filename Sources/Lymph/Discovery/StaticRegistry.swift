internal import ZeroMQ

/// A registry in memory: fixed addresses, and whatever is registered in this process.
///
/// For tests, and for services at fixed addresses. Containers and clients that should find each other share one.
public actor StaticRegistry: ServiceRegistry {
    private var instances: [String: [String: ServiceInstance]] = [:]
    // Under a lock, because a stream ends on any thread, where nobody can wait for the actor.
    private nonisolated let watchers = Lock(InstanceWatchers())

    /// Creates a registry without any instances.
    public init() {}

    /// Creates a registry with fixed addresses.
    ///
    /// ```swift
    /// let registry = try StaticRegistry(["echo": ["tcp://127.0.0.1:4100"], "echo@2.0.0": ["tcp://127.0.0.1:4200"]])
    /// ```
    ///
    /// - Parameter addresses: Endpoints by service name, optionally with the version of its instances. A service with
    ///   an empty list is known but has no instances.
    /// - Throws: ``EndpointError`` for an invalid address, ``RegistryError`` for an invalid name.
    public init(_ addresses: [String: [String]]) throws {
        for (text, endpoints) in addresses {
            guard let key = VersionedName(text) else {
                throw RegistryError(.invalidName, "\"\(text)\" is not a service name with a version: use name@1.2.3")
            }
            try ServiceName.validate(key.name)
            var list = instances[key.name] ?? [:]
            for text in endpoints {
                let endpoint = try Endpoint(validating: text)
                let id = key.version.map { "\(endpoint)@\($0)" } ?? endpoint.description
                list[id] = ServiceInstance(service: key.name, endpoint: endpoint, version: key.version, id: id)
            }
            instances[key.name] = list
        }
    }

    /// Adds an instance, or replaces the one with the same id under the same name.
    ///
    /// - Throws: ``RegistryError`` with the code `invalidName`.
    public func register(_ instance: ServiceInstance) throws(RegistryError) {
        try ServiceName.validate(instance.service)
        instances[instance.service, default: [:]][instance.id] = instance
        publish(instance.service)
    }

    /// Removes an instance, even one with a fixed address. Its service stays known.
    public func unregister(_ instance: ServiceInstance) {
        guard instances[instance.service]?.removeValue(forKey: instance.id) != nil else { return }
        publish(instance.service)
    }

    /// Returns the names with at least one instance, sorted.
    public func services() -> [String] {
        instances.filter { !$0.value.isEmpty }.keys.sorted()
    }

    /// Returns the instances of a service, now and after every change.
    ///
    /// - Parameter service: The name under which the instances are registered.
    /// - Throws: ``RegistryError`` with the code `lookupFailure` if the name was neither given to the initialiser nor
    ///   ever registered.
    public func instances(of service: String) throws(RegistryError) -> AsyncStream<[ServiceInstance]> {
        try ServiceName.validate(service)
        guard let present = instances[service] else { throw .unknown(service, among: instances.keys) }
        return watchers.withLock { watchers in
            watchers.add(service: service, first: Array(present.values)) { number in
                self.watchers.withLock { $0.remove(number) }
            }
        }
    }

    private func publish(_ service: String) {
        let present = instances[service, default: [:]].values
        watchers.withLock { $0.publish(present, of: service) }
    }
}
