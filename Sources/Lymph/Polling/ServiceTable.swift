/// The services that are called by name, as far as the registry has told of them.
package struct ServiceTable {
    /// Where a call goes.
    package enum Found: Equatable {
        case instance(ServiceInstance)
        /// The registry must be asked; the call is noted.
        case lookUp
        /// The registry is being asked; the call is noted.
        case wait
        /// The service is known but there is nobody to call; the text says why.
        case none(String)
    }

    private var known: [String: [ServiceInstance]] = [:]
    // The calls that wait for a first list.
    private var waiting: [String: [UInt128]] = [:]
    // Which instance is chosen need not surprise an attacker, and the system's generator costs a system call.
    private var random = SplitMix64(seed: .random(in: .min ... .max))

    package init() {}

    /// Chooses an instance for a call.
    package mutating func find(_ service: String, version: Version?, for id: UInt128) -> Found {
        guard let instances = known[service] else {
            let isFirst = waiting[service] == nil
            waiting[service, default: []].append(id)
            return isFirst ? .lookUp : .wait
        }
        let matching = version.map { asked in instances.filter { $0.isCompatible(with: asked) } } ?? instances
        if let instance = matching.randomElement(using: &random) { return .instance(instance) }
        guard let version, !instances.isEmpty else { return .none("no instance of \(service) is running") }
        let versions = Set(instances.map { $0.version?.description ?? "without a version" }).sorted()
        return .none(
            "no instance of \(service) is compatible with \(version); there are \(versions.joined(separator: ", "))")
    }

    /// Takes the registry's list.
    ///
    /// - Returns: The calls that waited for it.
    package mutating func update(_ service: String, _ instances: [ServiceInstance]) -> [UInt128] {
        known[service] = instances
        return waiting.removeValue(forKey: service) ?? []
    }

    /// Forgets a service.
    ///
    /// - Returns: The calls that waited for it.
    package mutating func remove(_ service: String) -> [UInt128] {
        known[service] = nil
        return waiting.removeValue(forKey: service) ?? []
    }
}

extension ServiceInstance {
    fileprivate func isCompatible(with asked: Version) -> Bool {
        version?.isCompatible(with: asked) ?? false
    }
}

/// A small fast random generator, for choices that need no secrecy.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
