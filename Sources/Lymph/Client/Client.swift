public import Logging
public import MessagePack
public import ServiceLifecycle
internal import ZeroMQ

/// Calls the methods of services.
///
/// ```swift
/// let client = Client()
/// async let _ = client.run()
/// let text: String = try await client.proxy("echo").upper(text: "foo")
/// ```
///
/// A client works while ``run()`` does; calls made earlier wait for it, within their timeout. Scripts use
/// ``withClient(_:_:)``; servers add the client to their `ServiceGroup`. One client is enough for a process, and any
/// number of tasks may use it. Interfaces already have one (``InterfaceContext/client``), which the rest of the program
/// can share (``ServiceContainer/init(interfaces:client:)``).
public final class Client: Service {
    package let poller: Poller
    let registry: any ServiceRegistry
    let shutdown = ShutdownSignal()

    /// Where the client listens, as soon as it does.
    package let opening = Gate<Endpoint>()

    // For a container that shares the client, in Client+Sharing.swift.
    let ending = ShutdownSignal()
    let isShared = Lock(false)

    /// How the client reaches the network.
    public var configuration: PeerConfiguration { poller.configuration }

    /// An executor on the thread that waits for the network.
    ///
    /// A task that prefers it (`withTaskExecutorPreference`) makes calls and gets their answers without switching
    /// threads, which is most of what a call costs. Whatever the task does in between holds up every other call, so
    /// it should do little and never wait for anything but calls.
    public var executor: any TaskExecutor { poller.loop.taskExecutor(of: poller) }

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - registry: Where services are looked up. By default, the services of this user on this machine.
    ///   - configuration: How the network is reached. Peers that run Python lymph answer by connecting to `ip`, so they
    ///     must be able to reach that address.
    ///   - logger: Where the client logs.
    public init(
        registry: any ServiceRegistry = DirectoryRegistry(), configuration: PeerConfiguration = .init(),
        logger: Logger = .current
    ) {
        self.registry = registry
        poller = Poller(configuration: configuration, logger: logger)
    }

    /// Runs the client until it is shut down or the task is cancelled; calls still in flight then fail with
    /// ``LymphError`` of code `stopped`.
    ///
    /// - Throws: ``LymphError`` with code `bindFailure`, `alreadyRunning`, or `configuration` for an address that nobody can
    ///   connect to.
    public func run() async throws {
        try await run { _ in await self.shutdown.wait() }
    }

    /// Applies another policy from now on, if ``PeerConfiguration/security`` has one: connections that it does not admit are
    /// cut, and nobody is called whom it does not trust. Requests that have begun go on.
    public func use(_ policy: AccessPolicy) async { await poller.use(policy) }

    /// Ends ``run()``. Calling it again does nothing.
    public func beginGracefulShutdown() {
        shutdown.trigger()
    }

    /// Runs the client as long as `body` runs.
    func run(_ body: (Endpoint) async throws -> Void) async throws {
        let endpoint = try await open()
        defer { ending.trigger() }
        do {
            try await withGracefulShutdownHandler {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await self.watchServices() }
                    group.addTask { await self.inspectPeers() }
                    group.addTask { await self.watchDescriptors() }
                    group.addTask { await self.awaitEndOfStartup() }
                    defer { group.cancelAll() }
                    try await body(endpoint)
                }
            } onGracefulShutdown: {
                self.beginGracefulShutdown()
            }
        } catch {
            await poller.close(because: LymphError(.stopped, "stopped after an error: \(error)"), grace: .zero)
            throw error
        }
        let end = LymphError(.stopped, "the client was stopped")
        await poller.endCalls(because: end)
        await poller.close(because: end, grace: .seconds(1))
    }

    /// Ends the time in which calls wait for services that nobody has registered yet.
    private func awaitEndOfStartup() async {
        let grace = configuration.startupGrace
        guard grace > .zero, (try? await poller.loop.sleep(for: grace)) != nil else { return }
        await poller.endStartup()
    }

    /// Watches each service that is called by name.
    private func watchServices() async {
        await withDiscardingTaskGroup { group in
            for await service in poller.lookups {
                group.addTask { await self.watch(service) }
            }
            group.cancelAll()
        }
    }

    private func watch(_ service: String) async {
        repeat {
            do {
                for await instances in try await registry.instances(of: service) {
                    await poller.update(service, instances)
                }
                guard await poller.lookupFailed(service, nil) else { return }
            } catch {
                guard await poller.lookupFailed(service, error) else { return }
            }
            // A call may be waiting for the first instance that is ever registered.
            try? await poller.loop.sleep(for: .milliseconds(200))
        } while !Task.isCancelled
    }

    // MARK: Calling

    /// The methods of a service's interface.
    ///
    /// - Parameters:
    ///   - address: The name of a service, optionally with a version (`echo`, `echo@1.2`), or the address of one peer
    ///     (`tcp://127.0.0.1:4100`). Mistakes in it are reported by the calls.
    ///   - interface: The interface; by default the service's name. Required with an address.
    ///   - version: The version that is needed, such as `1.2`: any instance from there up to the next major version
    ///     will do. With an address, exactly that version is requested (`1.2.0`).
    ///   - timeout: How long a call may take in all; by default as configured.
    ///   - errors: Maps remote errors to errors of your own.
    public func proxy(
        _ address: String, interface: String? = nil, version: String? = nil, timeout: Duration? = nil,
        errors: ErrorMap = [:]
    ) -> Proxy {
        let destination = Result { () throws(LymphError) in
            try Destination(address, interface: interface, version: version)
        }
        return Proxy(
            client: self, destination: destination, errors: errors, defaults: CallOptions(timeout: timeout))
    }

    /// Sends a request and returns the whole answer.
    ///
    /// - Parameters:
    ///   - address: The name of a service, optionally with a version, or the address of one peer.
    ///   - subject: The method, as `interface.method`.
    ///   - body: The arguments, by their names.
    ///   - version: The version that is needed; see ``proxy(_:interface:version:timeout:errors:)``.
    ///   - timeout: How long the call may take in all.
    ///   - headers: Additional headers of the request.
    /// - Returns: The answer: a reply or an ACK.
    /// - Throws: ``RemoteError``, ``LymphError``, or `CancellationError`.
    public func request(
        _ address: String, _ subject: String, _ body: some Encodable & Sendable = [String: Value](),
        version: String? = nil, timeout: Duration? = nil, headers: [String: Value] = [:]
    ) async throws -> Message {
        try Self.validate(subject)
        let encoded: [UInt8]
        do {
            encoded = try MessagePackEncoder.encode(body)
        } catch {
            throw LymphError(.invalidRequest, "\(subject): the body can't be encoded: \(error)", cause: error)
        }
        let options = CallOptions(timeout: timeout, headers: headers).over(.current)
        return try await call(Target(address, version: version), subject, body: encoded, options: options)
    }

    private static func validate(_ subject: String) throws(LymphError) {
        guard subject.utf8.contains(UInt8(ascii: ".")) else {
            // Python lymph would never answer it.
            throw LymphError(
                .invalidRequest, "the subject \(subject.debugDescription) is not of the form interface.method")
        }
    }

    func call(_ target: Target, _ method: String, body: [UInt8], options: CallOptions) async throws -> Message {
        let interceptors = poller.configuration.clientInterceptors
        guard !interceptors.isEmpty else { return try await send(target, method, body, options) }
        let chain = ClientChain(interceptors[...]) { call in
            try Self.validate(call.subject)
            return try await self.send(call.target, call.subject, call.arguments, call.options)
        }
        return try await chain(OutgoingCall(target, method, body, options))
    }

    private func send(
        _ target: Target, _ method: String, _ body: [UInt8], _ options: CallOptions
    ) async throws -> Message {
        let limit = configuration.maxMessageBytes - 4096
        guard body.count <= limit else {
            throw LymphError(.invalidRequest, "\(method): a body of \(body.count) bytes; \(limit) are allowed")
        }
        if let mistake = options.hedge?.mistake { throw LymphError(.invalidRequest, "\(method): \(mistake)") }
        let scope = Scope.current
        let deadline = options.inheritsDeadline == false ? nil : scope?.request?.deadline?.moment
        let call = Call(
            target, method, body, trace: scope?.trace, timeout: options.timeout ?? configuration.timeout,
            notAfter: deadline, options: options, now: poller.loop.now)
        // The task will be cancelled as well, but that may take a moment, and nothing has to be sent before.
        guard !call.isTimeoutInherited || call.timeout > .zero else { throw call.lateError() }
        let reply: Message
        do {
            reply = try await poller.call(call)
        } catch let error as LymphError where error.code == .lookupFailure && error.cause == nil {
            throw await explained(error)
        }
        switch reply.kind {
        case .reply, .ack, .request, .cancel: return reply
        case .error: throw RemoteError(body: (try? reply.body) ?? .nil)
        case .nack: throw call.refusalError(reply)
        }
    }

    /// The error of a call that waited in vain for the registry, extended by what the registry itself is waiting for.
    private func explained(_ error: LymphError) async -> LymphError {
        guard let obstacle = await (registry as? any WaitingRegistry)?.obstacle else { return error }
        let message = "\(error.message): \(obstacle)"
        return LymphError(
            error.code, message, execution: error.execution, cause: RegistryError(.unavailable, message))
    }
}

/// Runs a client as long as `body` runs.
///
/// ```swift
/// try await withClient { client in
///     print(try await client.proxy("echo").upper(text: "foo"))
/// }
/// ```
///
/// - Throws: What `body` throws, or ``LymphError`` if the client can't run.
public func withClient<R: Sendable>(
    _ client: Client = Client(), _ body: (Client) async throws -> R
) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await client.run() }
        let result = await Result(catching: { try await body(client) })
        client.beginGracefulShutdown()
        // If the client failed, `body` only sees that it stopped: the client's error explains more.
        try await group.waitForAll()
        return try result.get()
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws.
    package init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
