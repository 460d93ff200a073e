internal import Lymph

/// Which logs are read, and whose they are. Follows what the registry says.
struct TailTargets: Sendable {
    /// Who publishes at an address.
    struct Publisher: Sendable, Hashable {
        let services: [String]
        let endpoint: Endpoint
    }

    /// What has to be connected and what no longer.
    struct Change: Sendable, Hashable {
        var connect: Set<String> = []
        var disconnect: Set<String> = []
    }

    private var instances: [String: [ServiceInstance]] = [:]
    private var publishers: [String: Publisher] = [:]

    init() {}

    /// Whether there is any log to read.
    var isEmpty: Bool { publishers.isEmpty }

    /// Takes over the present instances of a service.
    ///
    /// Several services of one process have one log; it is read once. Addresses that are no ``Lymph/Endpoint`` are left
    /// out: what a registry says is not for us to connect to, whatever it is.
    mutating func update(_ service: String, _ present: [ServiceInstance]) -> Change {
        instances[service] = present
        let before = Set(publishers.keys)
        publishers = [:]
        for (service, present) in instances.sorted(by: { $0.key < $1.key }) {
            for instance in present {
                guard let log = instance.logEndpoint.flatMap({ Endpoint($0) })?.description else { continue }
                let services = publishers[log]?.services ?? []
                publishers[log] = Publisher(
                    services: services.contains(service) ? services : services + [service], endpoint: instance.endpoint)
            }
        }
        let after = Set(publishers.keys)
        return Change(connect: after.subtracting(before), disconnect: before.subtracting(after))
    }

    /// Who publishes at an address, as a record names it.
    func publisher(at source: String) -> Publisher? { publishers[source] }
}
