/// The services that are called by name, as far as the registry has told of them.
package struct ServiceTable {
    /// Who can be called.
    package enum Found: Equatable {
        /// At least one.
        case instances([ServiceInstance])
        /// The registry must be asked.
        case lookUp
        /// The registry is being asked, or there may be an instance later.
        case wait
        /// The service is known but there is nobody to call; the text says why.
        case none(String)
    }

    private struct Service {
        let instances: [ServiceInstance]
        /// Those for a call that names no version.
        let unversioned: [ServiceInstance]
        // The same for the versions that were asked for.
        var matching: [Version: [ServiceInstance]] = [:]
    }

    private var known: [String: Service] = [:]
    private var asked: Set<String> = []
    private let unversionedCalls: UnversionedCalls
    // The services for which calls without a version are a matter of chance: those for which nobody has taken note of that yet, and
    // those for which somebody has. Nearly always both are empty, so that a call costs no look at them.
    private var mixed: Set<String> = []
    private var reported: Set<String> = []

    package init(_ unversionedCalls: UnversionedCalls = .any) { self.unversionedCalls = unversionedCalls }

    /// Whether it is a matter of chance which major version of a service answers a call that names none; true once for each service.
    package mutating func takeMixed(_ service: String) -> Bool {
        guard !mixed.isEmpty, mixed.remove(service) != nil else { return false }
        reported.insert(service)
        return true
    }

    /// Finds the instances that a call may go to. If the registry has not told of the service, it counts as asked from now on.
    ///
    /// - Parameter waitsForReady: Whether the call waits until there is one.
    package mutating func find(_ service: String, version: Version?, waitsForReady: Bool = false) -> Found {
        guard known[service] != nil else { return asked.insert(service).inserted ? .lookUp : .wait }
        let instances = candidates(for: service, version: version)
        if !instances.isEmpty { return .instances(instances) }
        if waitsForReady { return .wait }
        let all = known[service]?.instances ?? []
        guard let version, !all.isEmpty else { return .none("no instance of \(service) is running") }
        let versions = Set(all.map { $0.version?.description ?? "without a version" }).sorted()
        return .none(
            "no instance of \(service) is compatible with \(version); there are \(versions.joined(separator: ", "))")
    }

    /// The instances that a call could go to now. Unlike ``find(_:version:waitsForReady:)`` this notes nothing.
    package mutating func candidates(for service: String, version: Version?) -> [ServiceInstance] {
        guard let version else { return known[service]?.unversioned ?? [] }
        if let matching = known[service]?.matching[version] { return matching }
        let matching = known[service]?.instances.filter { $0.version?.isCompatible(with: version) ?? false } ?? []
        // Versions come from our own callers, but perhaps from their input: don't keep any number.
        if known[service]?.matching.count ?? 0 < 64 { known[service]?.matching[version] = matching }
        return matching
    }

    /// Takes the registry's list.
    ///
    /// - Returns: The instances that were not in the list before.
    package mutating func update(_ service: String, _ instances: [ServiceInstance]) -> [ServiceInstance] {
        let old = Set(known[service]?.instances.map(\.id) ?? [])
        let unversioned = unversionedCalls.candidates(among: instances)
        known[service] = Service(instances: instances, unversioned: unversioned)
        if !reported.contains(service), UnversionedCalls.isMixed(unversioned) {
            mixed.insert(service)
        } else {
            mixed.remove(service)
        }
        return instances.filter { !old.contains($0.id) }
    }

    /// Notes that the registry is asked once more.
    package mutating func askAgain(_ service: String) { asked.insert(service) }

    /// Forgets a service.
    package mutating func remove(_ service: String) {
        known[service] = nil
        mixed.remove(service)
        asked.remove(service)
    }
}
