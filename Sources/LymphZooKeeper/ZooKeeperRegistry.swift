internal import Dispatch
public import Logging
public import Lymph
internal import ZeroMQ

/// A registry in a ZooKeeper ensemble, shared by Swift and Python services.
///
/// ```swift
/// let registry = try ZooKeeperRegistry(.init(hosts: "zk1:2181,zk2:2181,zk3:2181"))
/// let container = try ServiceContainer(interfaces: […], registry: registry)
/// ```
///
/// The nodes and their contents are those of Python lymph: `/lymph/services/<interface>/<id>`, where each instance is
/// an ephemeral node with a JSON document.
///
/// Nothing happens before the first use. From then on the registry keeps a session with ZooKeeper until ``close()``,
/// or until neither the registry nor one of its streams is used any longer. A lost connection is restored. In the
/// meantime, watchers keep the lists that they have. When a session expires, everything is registered again in the
/// next one.
public actor ZooKeeperRegistry: ServiceRegistry {
    /// An instance that should be registered.
    struct Registration {
        var node: PublishedNode
        let instance: ServiceInstance
        /// Distinguishes this registration from an earlier one.
        let number: Int
        /// Distinguishes the reply to the last request from those to earlier ones.
        var request: Int?
        var wasRegistered = false
        /// Whether the registration was lost and is not restored yet.
        var isLost = false
        /// The last problem that was logged about it.
        var problem: String?
    }

    /// The part of the registry that waits for the reply to a request.
    enum Ticket {
        case task
        case registration(path: String, number: Int)
        case withdrawal(path: String, number: Int)
        case list(service: String, view: Int, round: Int)
        case fetch(node: String, service: String, view: Int, round: Int)
        case awaitService(String, view: Int, round: Int)
    }

    let configuration: ZooKeeperConfiguration
    let hosts: ZooKeeperHosts
    let paths: NodePaths
    let logger: Logger
    nonisolated let thread = EventThread(name: "lymph-zookeeper")
    let closing = DispatchGroup()

    // In ZooKeeperRegistry+Session.swift.
    var session = Session()
    var handle: ZooKeeperHandle?
    var earlyEvents: [ClientEvent] = []
    var tickets: [Int: Ticket] = [:]
    var waiters = Waiters()
    var lastNumber = 0
    var problem: String?
    var isRetryScheduled = false

    // In ZooKeeperRegistry+Probing.swift.
    var finding: String?
    var isProbing = false
    var nextProbe: ContinuousClock.Instant?

    // In ZooKeeperRegistry+Registering.swift.
    var registrations: [String: Registration] = [:]
    var withdrawals: [String: Withdrawal] = [:]
    var checks: Set<String> = []
    var hasWarned = false

    // In ZooKeeperRegistry+Watching.swift.
    var views: [String: (number: Int, view: ServiceView)] = [:]
    var watchers = InstanceWatchers()

    /// The thread on which the registry runs and receives the client's events.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Creates a registry. It does not connect yet.
    ///
    /// - Parameters:
    ///   - configuration: Where ZooKeeper is and how it is used.
    ///   - logger: Where the registry logs what happens to its session, and problems with other processes' nodes.
    /// - Throws: ``/Lymph/RegistryError`` with the code `unavailable` for invalid hosts or an invalid chroot.
    public init(_ configuration: ZooKeeperConfiguration, logger: Logger = .current) throws(RegistryError) {
        hosts = try ZooKeeperHosts(configuration.hosts, chroot: configuration.chroot)
        paths = NodePaths(chroot: hosts.chroot)
        self.configuration = configuration
        self.logger = logger
    }

    deinit { thread.stop() }

    /// Publishes an instance: when this returns, the ensemble has stored it.
    ///
    /// It stays published until it is withdrawn, the registry is closed, or the process ends and the session times
    /// out. If the session expires, or somebody else deletes or changes the node, it is published again, and the log
    /// says so. A node with its id that was left behind by a dead session, or by an earlier process at the same
    /// endpoint, is replaced.
    ///
    /// - Throws: ``/Lymph/RegistryError`` with the code `invalidName`; `registrationFailure` if the id is registered by
    ///   another living process, which the message names, or if the registry is read-only; `unavailable` if there is
    ///   no connection within the configuration's `connectTimeout`.
    public func register(_ instance: ServiceInstance) async throws {
        try ServiceName.validate(instance.service)
        guard !configuration.isReadOnly else {
            throw RegistryError(
                .registrationFailure, "\"\(instance.service)\" cannot be registered: this registry is read-only")
        }
        try await publish(instance)
    }

    /// Withdraws an instance that this registry published; anything else is left alone.
    ///
    /// Without a connection this returns at once; the node is deleted when there is one again, or with the session.
    public func unregister(_ instance: ServiceInstance) async {
        await withdraw(instance)
    }

    /// Returns the names with at least one instance, sorted.
    ///
    /// - Throws: ``/Lymph/RegistryError`` with the code `unavailable` if there is no connection within the
    ///   configuration's `connectTimeout`.
    public func services() async throws -> [String] {
        try await withConnection(for: "list the services") { registry in try await registry.listServices() }
    }

    /// Returns the instances of a service, now and after every change in any process.
    ///
    /// Without a connection, this waits for one, unless somebody already watches the service; existing streams
    /// deliver nothing in the meantime.
    ///
    /// - Parameter service: The name under which the instances are registered.
    /// - Throws: ``/Lymph/RegistryError`` with the code `lookupFailure` if nothing was ever registered under the name;
    ///   `unavailable` if there is no connection within the configuration's `connectTimeout`.
    public func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
        try ServiceName.validate(service)
        try await load(service)
        return watch(service)
    }

    /// Ends the session: registrations are removed, streams end, and all further calls fail.
    ///
    /// Returns when ZooKeeper has been told, or after a few seconds if it does not respond.
    public func close() async {
        perform(session.close())
        await withCheckedContinuation { continuation in
            closing.notify(queue: ZooKeeperHandle.blocking) { continuation.resume() }
        }
    }
}
