public import Logging
public import ServiceLifecycle
internal import ZeroMQ

/// Runs interfaces: listens, registers them, and answers their callers.
///
/// ```swift
/// let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")])
/// try await container.run()
/// ```
///
/// A container is a `Service`: add it to a `ServiceGroup` to make it drain and stop on a signal.
public final class ServiceContainer: Service {
    /// A client for other services, with which the container shares its sockets. It runs as long as the container
    /// does, unless the program runs it (``init(interfaces:client:)``).
    public let client: Client

    /// Whether the program runs the client.
    private let isClientShared: Bool
    private let shutdown: ShutdownSignal
    private let definitions: [InterfaceDefinition]
    private let ready = Gate<Endpoint>()
    private let state = Lock(ContainerProgress())

    private var poller: Poller { client.poller }
    private var logger: Logger { poller.logger }

    /// Creates a container; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - interfaces: What the container serves.
    ///   - registry: Where it registers them and looks up other services. By default, services of this user on this
    ///     machine find each other.
    ///   - configuration: Where it listens and what it allows.
    ///   - logger: Where it logs.
    /// - Throws: ``LymphError`` with code `configuration` for duplicate or invalid names, and for addresses that
    ///   nobody can connect to.
    public convenience init(
        interfaces: [InterfaceDefinition], registry: any ServiceRegistry = DirectoryRegistry(),
        configuration: PeerConfiguration = .init(), logger: Logger = .current
    ) throws(LymphError) {
        let client = Client(registry: registry, configuration: configuration, logger: logger)
        try self.init(interfaces, client, isClientShared: false)
    }

    /// Creates a container that serves over a client's sockets, for programs that also call services outside of their
    /// interfaces: one client does for all.
    ///
    /// ```swift
    /// let client = Client()
    /// let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")], client: client)
    /// let group = ServiceGroup(services: [client, background, container], logger: logger)
    /// ```
    ///
    /// The program runs both. The container waits until the client runs; the client should be stopped after the
    /// container, as in the group above. If it ends earlier, the container stops.
    ///
    /// - Parameters:
    ///   - interfaces: What the container serves.
    ///   - client: A client for this container only, with the registry, the settings and the logger for both.
    /// - Throws: ``LymphError`` with code `configuration` for duplicate or invalid names, and for addresses that
    ///   nobody can connect to.
    public convenience init(interfaces: [InterfaceDefinition], client: Client) throws(LymphError) {
        try self.init(interfaces, client, isClientShared: true)
    }

    private init(
        _ interfaces: [InterfaceDefinition], _ client: Client, isClientShared: Bool
    ) throws(LymphError) {
        try InterfaceDefinition.validate(interfaces)
        try client.configuration.validateAddresses()
        definitions = interfaces
        self.client = client
        self.isClientShared = isClientShared
        shutdown = isClientShared ? ShutdownSignal() : client.shutdown
    }

    /// Where the container can be reached. Waits until it accepts requests.
    ///
    /// - Throws: The error that ended ``run()``, if it ended before that.
    public var endpoint: Endpoint {
        get async throws { try await ready.value() }
    }

    /// Serves until the container is shut down or the task is cancelled.
    ///
    /// A graceful shutdown leaves the registry, keeps answering for `drainDelay`, then refuses new requests and waits
    /// up to `drainTimeout` for those in flight. Cancelling the task skips the waiting and cancels them. When this
    /// returns, every method and every interface's `stop()` has returned.
    ///
    /// A shutdown before the container serves cancels the task that runs the interfaces' `start()` and registers
    /// them; those that have started are stopped, and this returns.
    ///
    /// - Throws: ``LymphError`` with code `bindFailure`, `registrationFailure` or `alreadyRunning`; or what an
    ///   interface's initialiser or `start()` throws.
    public func run() async throws {
        do {
            if isClientShared {
                try await client.share(until: shutdown) { try await self.serve(at: $0) }
            } else {
                try await client.run { try await self.serve(at: $0) }
            }
            ready.open(.failure(LymphError(.stopped, "the container was stopped")))
        } catch {
            ready.open(.failure(error))
            throw error
        }
    }

    /// Begins to drain; ``run()`` returns when that is done. Calling it again does nothing.
    public func beginGracefulShutdown() {
        shutdown.trigger()
    }

    /// How far the container has come.
    package var progress: ContainerProgress { state.withLock(\.self) }

    private func serve(at endpoint: Endpoint) async throws {
        let publication = Publication(
            of: definitions, at: endpoint, encrypted: await poller.encryptedEndpoint,
            logEndpoint: client.configuration.logEndpoint, in: client.registry,
            ids: poller.loop.makeIDs())
        var (beginning, _) = try await shutdown.cancelling { await self.begin(publication) }
        // A failure during a shutdown is a consequence of the shutdown, not an error.
        let failure = shutdown.isGiven ? nil : beginning.failure
        if beginning.failure == nil {
            enter(.serving)
            await warnOfPeerLimit()
            logger.info(
                "serving",
                metadata: [
                    LogKey.endpoint: "\(endpoint)",
                    LogKey.service: "\(definitions.map(\.title).joined(separator: ", "))",
                ])
            ready.open(.success(endpoint))
            await shutdown.wait()
        }
        enter(.withdrawing)
        await publication.withdraw(on: poller.loop)
        if beginning.failure == nil {
            // Callers that have not noticed the withdrawal are still served. Cancellation cuts this short.
            try? await poller.loop.sleep(for: client.configuration.drainDelay)
        }
        enter(.draining)
        await drain(for: beginning.failure == nil ? client.configuration.drainTimeout : .zero)
        for interface in beginning.started.reversed() {
            enter(.stopping(interface.title))
            await interface.stop()
        }
        // Reply channels that they have kept go away with them, which tells their callers if it comes before the sockets
        // are closed. The runtime may hold an actor a moment longer.
        beginning.started = []
        await poller.releaseInterfaces()
        enter(.idle)
        if let failure { throw failure }
    }

    /// What has been started, and what stopped the rest from being started.
    private struct Beginning {
        var started: [InstalledInterface] = []
        var failure: (any Error)?
    }

    /// Creates, starts and registers the interfaces. Cancellation of the task cuts it short.
    private func begin(_ publication: Publication) async -> Beginning {
        var beginning = Beginning()
        do {
            var installed: [InstalledInterface] = []
            // Configuration mistakes of all interfaces are reported together.
            var mistakes = ConfigurationMistakes()
            for definition in definitions {
                let title = definition.fullTitle
                do {
                    let interface = try await attempt(.creating(title), title) {
                        try await definition.install(client, logger)
                    }
                    installed.append(interface)
                } catch let error as ConfigurationError {
                    mistakes.add(error)
                }
            }
            try mistakes.check()
            for interface in installed {
                try Task.checkCancellation()
                try await attempt(.starting(interface.title), interface.title) { try await interface.start() }
                beginning.started.append(interface)
            }
            enter(.publishing)
            await poller.serve(Router(installed), identity: publication.identity)
            try await publication.publish()
        } catch {
            beginning.failure = error
        }
        return beginning
    }

    private func enter(_ phase: ContainerProgress.Phase) {
        state.withLock { $0.phase = phase }
    }

    /// Runs one step of an interface's life, and notes the interface if the step fails.
    private func attempt<R>(
        _ phase: ContainerProgress.Phase, _ interface: String, _ body: () async throws -> R
    ) async throws -> R {
        enter(phase)
        do { return try await body() } catch {
            // A failure during a shutdown is a consequence of the shutdown.
            if !shutdown.isGiven { state.withLock { $0.failedInterface = interface } }
            throw error
        }
    }

    private func warnOfPeerLimit() async {
        let wanted = client.configuration.maxPeers
        guard let limit = await poller.peerLimit, limit.count < wanted else { return }
        // A bit less than the default is no news to anybody.
        logger.log(
            level: limit.count < wanted / 2 ? .warning : .info,
            "max_peers is \(wanted), but \(limit.reason), which are enough for \(limit.count)")
    }

    /// Refuses new requests, and returns when no handler runs and the answers have been sent. Handlers are cancelled
    /// after `time`, or as soon as this task is cancelled.
    private func drain(for time: Duration) async {
        let poller = poller
        let end = poller.loop.now + time
        await poller.drain()
        await withDiscardingTaskGroup { group in
            group.addTask {
                try? await poller.loop.sleep(for: time)
                await poller.cancelHandlers()
            }
            await poller.handlersEnded()
            group.cancelAll()
        }
        await sendAnswers(until: end)
    }

    /// Returns when every answer has been handed to its peer, or when none has moved for 200 turns of 5 ms, about a
    /// second. Turns are counted instead of time, because time in which this process itself was suspended says
    /// nothing about the peers.
    private func sendAnswers(until end: Instant) async {
        var (fewest, idleTurns) = (Int.max, 0)
        while case let left = await poller.flushAnswers(), left > 0 {
            idleTurns = left < fewest ? 0 : idleTurns + 1
            fewest = min(fewest, left)
            guard poller.loop.now < end, idleTurns < 200 else { return }
            // Cancellation cuts this short.
            guard (try? await poller.loop.sleep(for: .milliseconds(5))) != nil else { return }
        }
    }
}

extension Router {
    init(_ interfaces: [InstalledInterface]) {
        self.init()
        for interface in interfaces { add(interface.entry, as: interface.name) }
    }
}
