/// The services that are called by name, with the instances that the registry has reported.
package struct ServiceTable {
    /// The result of a search.
    package enum Found: Equatable {
        /// The instances to choose from; at least one.
        case instances([ServiceInstance])
        /// The registry must be asked.
        case lookUp
        /// The registry is being asked, or the call waits for an instance.
        case wait
        /// The service is known but has no suitable instance; the text says why.
        case none(String)
        /// The service has instances, but calls may go to none of them; the text says why.
        case unauthorized(String)
    }

    private struct Service {
        /// As the registry has told.
        let registered: [ServiceInstance]
        /// Those that calls may go to, with the endpoints where they do.
        let instances: [ServiceInstance]
        /// The instances for calls without a version.
        let unversioned: [ServiceInstance]
        // The instances for each version that was asked for.
        var matching: [Version: [ServiceInstance]] = [:]
        /// Whether there has been an instance since the service is known here.
        let hasHadInstances: Bool
        /// Why calls may go to some of the instances not at all.
        let exclusion: String?
    }

    private var known: [String: Service] = [:]
    private var asked: Set<String> = []
    private let unversionedCalls: UnversionedCalls
    /// Which of an instance's endpoints calls go to.
    package private(set) var endpoints: EndpointChoice
    // The services whose calls without a version may reach different major versions: those not reported yet, and those
    // reported. Both are nearly always empty, so that calls need no lookup here.
    private var mixed: Set<String> = []
    private var reported: Set<String> = []

    package init(_ unversionedCalls: UnversionedCalls = .any, _ endpoints: EndpointChoice = .init(.off)) {
        self.unversionedCalls = unversionedCalls
        self.endpoints = endpoints
    }

    /// Whether calls to a service without a version may reach different major versions. True only once for each
    /// service.
    package mutating func takeMixed(_ service: String) -> Bool {
        guard !mixed.isEmpty, mixed.remove(service) != nil else { return false }
        reported.insert(service)
        return true
    }

    /// Finds the instances that a call may go to. A service that is not known yet counts as looked up from now on.
    ///
    /// - Parameter waitsForReady: Whether the call waits until there is an instance.
    package mutating func find(_ service: String, version: Version?, waitsForReady: Bool = false) -> Found {
        guard known[service] != nil else { return asked.insert(service).inserted ? .lookUp : .wait }
        let instances = candidates(for: service, version: version)
        if !instances.isEmpty { return .instances(instances) }
        if waitsForReady { return .wait }
        if let exclusion = known[service]?.exclusion {
            return .unauthorized("no call may go to \(service): \(exclusion)")
        }
        let all = known[service]?.instances ?? []
        guard let version, !all.isEmpty else { return .none("no instance of \(service) is running") }
        let versions = Set(all.map { $0.version?.description ?? "instances without a version" }).sorted()
        return .none(
            "no instance of \(service) is compatible with \(version); there are \(versions.joined(separator: ", "))")
    }

    /// The instances that a call may go to now. Unlike ``find(_:version:waitsForReady:)`` it starts no lookup.
    package mutating func candidates(for service: String, version: Version?) -> [ServiceInstance] {
        guard let version else { return known[service]?.unversioned ?? [] }
        if let matching = known[service]?.matching[version] { return matching }
        let matching = known[service]?.instances.filter { $0.version?.isCompatible(with: version) ?? false } ?? []
        // The version may stem from outside input, so the cache is limited.
        if known[service]?.matching.count ?? 0 < 64 { known[service]?.matching[version] = matching }
        return matching
    }

    /// Whether the registry knows a service that has had no instance so far.
    package func isStillEmpty(_ service: String) -> Bool { known[service]?.hasHadInstances == false }

    /// Takes the registry's list.
    ///
    /// - Returns: The instances that were not in the last list.
    package mutating func update(_ service: String, _ registered: [ServiceInstance]) -> [ServiceInstance] {
        let old = Set(known[service]?.instances.map(\.id) ?? [])
        var instances: [ServiceInstance] = []
        var exclusion: String?
        for var instance in registered {
            switch endpoints.endpoint(of: instance) {
            case .endpoint(let endpoint):
                instance.endpoint = endpoint
                instances.append(instance)
            case .none(let why): exclusion = "\(why) (\(instance.endpoint))"
            }
        }
        let unversioned = unversionedCalls.candidates(among: instances)
        known[service] = Service(
            registered: registered, instances: instances, unversioned: unversioned,
            hasHadInstances: !registered.isEmpty || known[service]?.hasHadInstances == true, exclusion: exclusion)
        if !reported.contains(service), UnversionedCalls.isMixed(unversioned) {
            mixed.insert(service)
        } else {
            mixed.remove(service)
        }
        return instances.filter { !old.contains($0.id) }
    }

    /// Another policy applies from now on.
    package mutating func use(_ policy: AccessPolicy) {
        endpoints.use(policy)
        for (service, entry) in known { _ = update(service, entry.registered) }
    }

    /// Records that the registry is being asked again.
    package mutating func askAgain(_ service: String) { asked.insert(service) }

    /// Forgets a service, so that the next call looks it up again.
    package mutating func remove(_ service: String) {
        known[service] = nil
        mixed.remove(service)
        asked.remove(service)
    }
}
