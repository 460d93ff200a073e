internal import ZeroMQ

/// The settings of a peer, which is a container or a client: network, limits, timeouts, load balancing.
public struct PeerConfiguration: Sendable {
    /// Where the methods of interfaces run.
    public struct HandlerExecutor: Sendable, Hashable {
        enum Kind { case pool, poller }
        let kind: Kind

        /// On Swift's shared thread pool. A method that computes or blocks delays only its own interface.
        public static let pool = HandlerExecutor(kind: .pool)

        /// On the thread that serves the sockets. A call costs two thread switches less, but a method that computes
        /// for long or blocks delays every other call of the process, and its heartbeats.
        ///
        /// The same holds for a task of yours that calls the interface's actor and then computes: Swift's runtime may
        /// continue it on the thread that is running the actor at that moment, until its next suspension.
        public static let poller = HandlerExecutor(kind: .poller)
    }

    /// The transport for all messages.
    public struct Transport: Sendable {
        enum Kind { case zeroMQ, network(any Network) }
        let kind: Kind

        /// ØMQ over TCP.
        public static let zeroMQ = Transport(kind: .zeroMQ)

        /// A network inside the process, for tests.
        public static func inMemory(_ network: InMemoryNetwork) -> Transport { .network(network) }

        /// Any network but that of ØMQ.
        package static func network(_ network: any Network) -> Transport { .init(kind: .network(network)) }

        /// How long callers may take to learn of a withdrawal.
        fileprivate var drainDelay: Duration {
            if case .network = kind { .zero } else { .milliseconds(100) }
        }
    }

    /// The address to listen on, under which peers know this process: an IP address of this machine that they can
    /// reach. Python peers dial it also to answer a client. The wildcards `0.0.0.0` and `::` are refused, because
    /// nobody can connect to them.
    public var ip: String

    /// The port to listen on; 0 for any free one.
    public var port: UInt16

    /// The transport for all messages.
    public var transport: Transport

    /// Where the methods of interfaces run.
    public var handlerExecutor: HandlerExecutor

    /// Whether connections are encrypted, and whom the process admits. By default they aren't, and it listens only on
    /// loopback addresses.
    public var security: Security = .localOnly

    /// How a client chooses among the instances of a service.
    public var loadBalancing: LoadBalancing

    /// Which instances get calls that name no version, if a service runs in several.
    public var unversionedCalls: UnversionedCalls

    /// The default time limit of a call, from lookup to answer. A call, its scope or its proxy can set another one.
    public var timeout: Duration

    /// For how long after ``Client/run()`` or ``ServiceContainer/run()`` began a call waits, within its timeout, for a
    /// service that nobody has registered yet. Later, and with `.zero`, such a call fails at once. One whose last instance
    /// has left is not waited for.
    ///
    /// The services of a fleet are started together, and in no particular order: the first calls of one may come
    /// before the others are registered. 10 s is more than services that are started together are apart, and little
    /// enough for a misspelt name to be reported at once before long. Programs that people wait for set `.zero`.
    ///
    /// A registry that can't be asked is a failure at any time. Calls with ``CallOptions/waitForReady`` wait always.
    public var startupGrace: Duration

    /// The largest message that is sent or received, in bytes. A peer that announces a larger one is disconnected.
    public var maxMessageBytes: Int

    /// The maximum number of requests running or queued. Further ones get a NACK with the reason `overloaded`.
    public var maxConcurrentRequests: Int

    /// The maximum size of all answers queued for slow or unreachable peers, in bytes. Further ones are dropped.
    public var maxQueuedBytes: Int

    /// The number of peers with connections of ours at which no further caller is dialled back. Peers that this
    /// process calls itself are always dialled.
    public var maxPeers: Int

    /// How long a stopping container keeps serving after it was withdrawn from the registry, so that callers can learn
    /// of that. By default 100 ms, and nothing on an ``InMemoryNetwork``.
    public var drainDelay: Duration {
        get { chosenDrainDelay ?? transport.drainDelay }
        set { chosenDrainDelay = newValue }
    }

    private var chosenDrainDelay: Duration?

    /// How long a stopping container waits for running requests before it cancels them.
    public var drainTimeout: Duration

    /// Where the process publishes its log, if it does. Goes into the registry, for `lymph tail`.
    public var logEndpoint: String?

    /// Tags added to every metric of the process, for example its zone.
    public var metricsTags: [String: String] = [:]

    /// Interceptors for every outgoing call; the first is the outermost.
    public var clientInterceptors: [any ClientInterceptor] = []

    /// Interceptors for every incoming request; the first is the outermost.
    public var serviceInterceptors: [any ServiceInterceptor] = []

    /// The number of libzmq's I/O threads. More than one pays off on more than four cores.
    public var ioThreads: Int

    /// Creates a configuration.
    public init(
        ip: String = "127.0.0.1", port: UInt16 = 0, transport: Transport = .zeroMQ,
        handlerExecutor: HandlerExecutor = .pool, loadBalancing: LoadBalancing = .powerOfTwoChoices,
        unversionedCalls: UnversionedCalls = .any, timeout: Duration = .seconds(3),
        startupGrace: Duration = .seconds(10), maxMessageBytes: Int = 64 * 1024 * 1024,
        maxConcurrentRequests: Int = 16_384,
        maxQueuedBytes: Int = 256 * 1024 * 1024, maxPeers: Int = 4096, drainDelay: Duration? = nil,
        drainTimeout: Duration = .seconds(10), ioThreads: Int = 1
    ) {
        self.ip = ip
        self.port = port
        self.transport = transport
        self.handlerExecutor = handlerExecutor
        self.loadBalancing = loadBalancing
        self.unversionedCalls = unversionedCalls
        self.timeout = timeout
        self.startupGrace = startupGrace
        self.maxMessageBytes = maxMessageBytes
        self.maxConcurrentRequests = maxConcurrentRequests
        self.maxQueuedBytes = maxQueuedBytes
        self.maxPeers = maxPeers
        chosenDrainDelay = drainDelay
        self.drainTimeout = drainTimeout
        self.ioThreads = ioThreads
    }

    /// Checks the addresses that go into the registry.
    ///
    /// - Throws: ``LymphError`` with code `configuration` for one that nobody can connect to.
    func validateAddresses() throws(LymphError) {
        let addresses = [
            ("ip", ip, try? Endpoint(host: ip, port: 1)),
            ("logEndpoint", logEndpoint, logEndpoint.flatMap(Endpoint.init)),
        ]
        for case (let name, let text?, let endpoint?) in addresses where !endpoint.canBeReached {
            throw LymphError(
                .configuration,
                "nobody can connect to \(text): \(name) must be an address of this machine that peers can reach")
        }
        guard case .zeroMQ = transport.kind, security.isLocal else { return }
        for case (let name, let text?, let endpoint?) in addresses where !endpoint.isLoopback {
            throw LymphError(
                .configuration,
                "\(name) is \(text), where strangers may reach this process, and nothing is encrypted: configure security with a key and a policy, or write that it is off (in a configuration file: container.security.encryption: off)"
            )
        }
    }

    /// Makes the poller's event loop and transport.
    func makeLoop() -> (loop: any EventLoop, transport: any MessageTransport) {
        switch transport.kind {
        case .zeroMQ:
            let thread = PollThread(name: "lymph-poller")
            let sockets = SocketConfiguration(
                ip: ip, port: port, ioThreads: Int32(clamping: ioThreads), maxMessageBytes: maxMessageBytes,
                security: security.encrypted)
            return (thread, ZeroMQTransport(thread: thread, configuration: sockets))
        case .network(let network):
            return network.join(at: port == 0 ? nil : try? Endpoint(host: ip, port: port))
        }
    }
}
