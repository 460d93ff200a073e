/// One running copy of a service's interface, as a registry knows it.
///
/// A process publishes one instance for each interface and version that it serves; they all share its endpoint and
/// identity.
public struct ServiceInstance: Sendable, Hashable, Identifiable {
    /// Distinguishes this instance from every other one, in all processes.
    public var id: String

    /// The name under which it is registered.
    public var service: String

    /// Where the process can be reached.
    public var endpoint: Endpoint

    /// Where the process can be reached by encrypted connections, with the keys that it proves there; more than one while a
    /// key is replaced. Python lymph doesn't see them.
    public var encryptedEndpoints: [Endpoint]

    /// The version of the interface, or nil if it has none.
    public var version: Version?

    /// Common to all instances of one process.
    public var identity: String

    /// The protocol extensions that the process supports.
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

    /// Unknown members of the document. They are written back unchanged.
    package var others: [String: JSON] = [:]

    /// Creates an instance.
    ///
    /// - Parameters:
    ///   - service: The name to register under.
    ///   - endpoint: Where the process can be reached.
    ///   - version: The version of the interface, or nil if it has none.
    ///   - id: A unique text; random by default.
    ///   - identity: Common to the instances of one process; the endpoint's text by default.
    ///   - features: The protocol extensions that the process supports.
    ///   - encryptedEndpoints: Where the process can be reached by encrypted connections.
    public init(
        service: String, endpoint: Endpoint, version: Version? = nil, id: String? = nil, identity: String? = nil,
        features: [String] = [], encryptedEndpoints: [Endpoint] = []
    ) {
        self.id = id ?? UniqueID.random()
        self.service = service
        self.endpoint = endpoint
        self.version = version
        self.identity = identity ?? endpoint.description
        self.features = features
        self.encryptedEndpoints = encryptedEndpoints
        isWorker = false
    }
}
