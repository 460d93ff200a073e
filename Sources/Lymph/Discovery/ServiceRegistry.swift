/// Where services publish themselves and are found by name.
///
/// One registry may be shared by any number of containers and clients in a process.
public protocol ServiceRegistry: Sendable {
    /// Publishes an instance under its service's name. An instance with the same id under that name is replaced.
    ///
    /// - Throws: ``RegistryError``, for example with the code `invalidName` for a name that is empty or contains
    ///   slashes or control characters.
    func register(_ instance: ServiceInstance) async throws

    /// Withdraws an instance. Does nothing if it was not registered here.
    func unregister(_ instance: ServiceInstance) async

    /// Returns the names with at least one instance, sorted.
    ///
    /// - Throws: ``RegistryError`` if the registry cannot be read.
    func services() async throws -> [String]

    /// Returns all names under which an instance was ever registered, sorted, including those without an instance
    /// now.
    ///
    /// By default the names of ``services()``, for registries that remember nothing else.
    ///
    /// - Throws: ``RegistryError`` if the registry cannot be read.
    func knownServices() async throws -> [String]

    /// Returns the instances of a service, now and after every change.
    ///
    /// The first element is the current list, and is available at once; it is empty if all instances are gone. After
    /// every change the whole list is delivered again, sorted by id. A slow reader misses intermediate lists but
    /// never the last one. Ending the iteration, or cancelling its task, releases the watch.
    ///
    /// - Parameter service: The name under which the instances are registered.
    /// - Throws: ``RegistryError`` with the code `lookupFailure` if nothing was ever registered under the name; its
    ///   message suggests similar names.
    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]>
}

extension ServiceRegistry {
    /// Returns ``services()``.
    public func knownServices() async throws -> [String] { try await services() }
}
