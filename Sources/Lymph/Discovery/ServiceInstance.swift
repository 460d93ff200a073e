/// One running copy of a service's interface, as a registry knows it.
///
/// A process publishes one instance for each interface and version that it serves; all of them share its endpoint
/// and identity.
public struct ServiceInstance: Sendable, Hashable, Identifiable {
    /// What tells this instance from every other one, in all processes.
    public var id: String

    /// The name that it is registered under.
    public var service: String

    /// Where the process can be reached.
    public var endpoint: Endpoint

    /// The version of the interface, or nil if it has none.
    public var version: Version?

    /// What all instances of one process have in common.
    public var identity: String

    /// The extensions of the protocol that the process understands.
    public var features: [String]

    /// The name of the machine.
    public var hostname: String?

    /// The fully qualified name of the machine.
    public var fqdn: String?

    /// The address of the machine.
    public var ip: String?

    /// Where the process publishes its log.
    public var logEndpoint: String?

    /// Where the process publishes its metrics.
    public var monitoringEndpoint: String?

    /// Where the process offers a debugging console.
    public var backdoorEndpoint: String?

    /// Whether the process runs as a worker. Python lymph calls this `type`.
    public var isWorker: Bool

    /// Members of the document that we do not know. They are written back as they came.
    package var others: [String: JSON] = [:]

    /// Creates an instance.
    ///
    /// - Parameters:
    ///   - service: The name to register under.
    ///   - endpoint: Where the process can be reached.
    ///   - version: The version of the interface, or nil if it has none.
    ///   - id: A text that nobody else uses; a random one if it is left out.
    ///   - identity: What the instances of one process share; the endpoint's text if it is left out.
    ///   - features: The extensions of the protocol that the process understands.
    public init(
        service: String, endpoint: Endpoint, version: Version? = nil, id: String? = nil, identity: String? = nil,
        features: [String] = []
    ) {
        self.id = id ?? UniqueID.random()
        self.service = service
        self.endpoint = endpoint
        self.version = version
        self.identity = identity ?? endpoint.description
        self.features = features
        isWorker = false
    }
}
