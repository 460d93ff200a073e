internal import ZeroMQ

/// How a container or a client reaches the network, and what it allows.
public struct ContainerConfiguration: Sendable {
    /// Where the methods of interfaces run.
    public struct HandlerExecutor: Sendable, Hashable {
        enum Kind { case pool, poller }
        let kind: Kind

        /// On Swift's shared thread pool: a method that computes or blocks delays nobody but its own interface.
        public static let pool = HandlerExecutor(kind: .pool)

        /// On the thread that serves the sockets: a call costs two thread switches less, but a method that computes for long or
        /// blocks delays every other call of the process. Heartbeats are delayed, too.
        ///
        /// So does a task of yours that calls the interface's actor and then computes: Swift's runtime may go on with it on the
        /// thread that runs the actor just then, until it waits for something.
        public static let poller = HandlerExecutor(kind: .poller)
    }

    /// What carries the messages.
    public struct Transport: Sendable {
        enum Kind { case zeroMQ, inMemory(InMemoryNetwork) }
        let kind: Kind

        /// ØMQ over TCP.
        public static let zeroMQ = Transport(kind: .zeroMQ)

        /// A network inside the process, for tests.
        public static func inMemory(_ network: InMemoryNetwork) -> Transport { .init(kind: .inMemory(network)) }
    }

    /// The address to listen at, and under which peers know this process: an IP address of this machine that they can
    /// reach. Peers that run Python lymph answer a client there, too. `0.0.0.0` and `::`, which mean all addresses, are none
    /// to be known by and are refused.
    public var ip: String

    /// The port to listen at; 0 takes any free one.
    public var port: UInt16

    /// What carries the messages.
    public var transport: Transport

    /// Where the methods of interfaces run.
    public var handlerExecutor: HandlerExecutor

    /// How a client chooses among the instances of a service.
    public var loadBalancing: LoadBalancing

    /// Whom a client's calls go to that name no version of a service that has several.
    public var unversionedCalls: UnversionedCalls

    /// How long a call may take in all, unless its proxy, its scope or the call itself says otherwise.
    public var timeout: Duration

    /// The largest message, in bytes, that is sent or received. A peer that announces a larger one is cut off.
    public var maxMessageBytes: Int

    /// How many requests may run at the same time; further ones are answered with NACK, `overloaded`.
    public var maxConcurrentRequests: Int

    /// How many bytes of answers may wait for peers that don't take them.
    public var maxQueuedBytes: Int

    /// To how many peers there may be connections before no further caller is dialled back. Peers that are called by this
    /// process are not subject to it.
    public var maxPeers: Int

    /// How long a container that stops goes on answering after it has left the registry, so that callers can learn of it.
    public var drainDelay: Duration

    /// How long a container that stops waits for the requests that run, before it cancels them.
    public var drainTimeout: Duration

    /// Where the process publishes its log, if it does: the registry tells it to `lymph tail`.
    public var logEndpoint: String?

    /// What is added to every number that the process counts: the zone that it runs in, for example.
    public var metricsTags: [String: String] = [:]

    /// What every call passes before it is sent, the first one being the outermost.
    public var clientInterceptors: [any ClientInterceptor] = []

    /// What every request passes before it is handled, the first one being the outermost.
    public var serviceInterceptors: [any ServiceInterceptor] = []

    /// The threads that libzmq uses for the network. More than one is worth it above four cores.
    public var ioThreads: Int

    /// Creates a configuration; what is not named has its default.
    public init(
        ip: String = "127.0.0.1", port: UInt16 = 0, transport: Transport = .zeroMQ,
        handlerExecutor: HandlerExecutor = .pool, loadBalancing: LoadBalancing = .powerOfTwoChoices,
        unversionedCalls: UnversionedCalls = .any, timeout: Duration = .seconds(3),
        maxMessageBytes: Int = 64 * 1024 * 1024, maxConcurrentRequests: Int = 16_384,
        maxQueuedBytes: Int = 256 * 1024 * 1024, maxPeers: Int = 4096, drainDelay: Duration = .milliseconds(100),
        drainTimeout: Duration = .seconds(10), ioThreads: Int = 1
    ) {
        self.ip = ip
        self.port = port
        self.transport = transport
        self.handlerExecutor = handlerExecutor
        self.loadBalancing = loadBalancing
        self.unversionedCalls = unversionedCalls
        self.timeout = timeout
        self.maxMessageBytes = maxMessageBytes
        self.maxConcurrentRequests = maxConcurrentRequests
        self.maxQueuedBytes = maxQueuedBytes
        self.maxPeers = maxPeers
        self.drainDelay = drainDelay
        self.drainTimeout = drainTimeout
        self.ioThreads = ioThreads
    }

    /// - Throws: ``LymphError`` with code `configuration` for addresses that are registered and that nobody can connect to.
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
    }

    /// What the poller runs on, and what carries its messages.
    func makeLoop() -> (loop: any EventLoop, transport: any MessageTransport) {
        switch transport.kind {
        case .zeroMQ:
            let thread = PollThread(name: "lymph-poller")
            let sockets = SocketConfiguration(
                ip: ip, port: port, ioThreads: Int32(clamping: ioThreads), maxMessageBytes: maxMessageBytes)
            return (thread, ZeroMQTransport(thread: thread, configuration: sockets))
        case .inMemory(let network):
            let loop = network.makeLoop()
            let wanted = port == 0 ? nil : try? Endpoint(host: ip, port: port)
            return (loop, InMemoryTransport(network: network, loop: loop, wanted: wanted))
        }
    }
}
