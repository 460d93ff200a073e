internal import Lymph

/// Which logs are read, and whose they are. Follows what the registry says.
struct TailTargets: Sendable {
    /// What has to be connected and what no longer.
    struct Change: Sendable, Hashable {
        var connect: Set<String> = []
        var disconnect: Set<String> = []
    }

    private var instances: [FleetAddress: [ServiceInstance]] = [:]
    private var publishers: [String: TailedRecord.Publisher] = [:]

    init() {}

    /// Whether none of the instances that an address means has a log to read.
    func isSilent(_ address: FleetAddress) -> Bool {
        instances[address]?.contains { $0.logEndpoint.flatMap { Endpoint($0) } != nil } != true
    }

    /// Takes over the present instances of the service that an address names.
    ///
    /// Several services of one process have one log; it is read once. Addresses that are no ``Lymph/Endpoint`` are left
    /// out: what a registry says is not for us to connect to, whatever it is.
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

    /// Who publishes at an address, as a record names it.
    func publisher(at source: String) -> TailedRecord.Publisher? { publishers[source] }
}
