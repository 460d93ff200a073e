internal import Lymph

/// Which logs are read, and which services they belong to. Follows the registry.
struct TailTargets: Sendable {
    /// Which endpoints to connect and disconnect.
    struct Change: Sendable, Hashable {
        var connect: Set<String> = []
        var disconnect: Set<String> = []
    }

    private var instances: [FleetAddress: [ServiceInstance]] = [:]
    private var publishers: [String: TailedRecord.Publisher] = [:]

    init() {}

    /// Whether none of the instances that match an address publishes its log.
    func isSilent(_ address: FleetAddress) -> Bool {
        instances[address]?.contains { $0.logEndpoint.flatMap { Endpoint($0) } != nil } != true
    }

    /// Updates the instances of the service that an address names.
    ///
    /// Several services in one process share one log, which is read once. Addresses that are not a ``Lymph/Endpoint``
    /// are skipped: we don't connect to arbitrary text from a registry.
    mutating func update(_ address: FleetAddress, _ present: [ServiceInstance]) -> Change {
        instances[address] = address.select(present)
        let before = Set(publishers.keys)
        publishers = [:]
        for (address, present) in instances.sorted(by: { $0.key.text < $1.key.text }) {
            for instance in present {
                let service = address.service
                guard let log = instance.logEndpoint.flatMap({ Endpoint($0) })?.description else { continue }
                let services = publishers[log]?.services ?? []
                publishers[log] = TailedRecord.Publisher(
                    services: services.contains(service) ? services : services + [service], endpoint: instance.endpoint)
            }
        }
        let after = Set(publishers.keys)
        return Change(connect: after.subtracting(before), disconnect: before.subtracting(after))
    }

    /// The publisher at an address, as named in a record.
    func publisher(at source: String) -> TailedRecord.Publisher? { publishers[source] }
}
