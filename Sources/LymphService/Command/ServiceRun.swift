internal import Glibc
internal import Logging
internal import Lymph
internal import ServiceLifecycle

/// One run of a service, from its options to its exit status.
struct ServiceRun<Command: ServiceCommand> {
    private let options: ServiceOptions<Command>
    private let environment: [String: String]
    private let signals: SignalWatch
    private let patience: Duration

    /// - Parameter patience: How long a service may take to stop, in addition to its drain timeout: the registry may
    ///   not respond, and interfaces may have to clean up.
    init(
        _ options: ServiceOptions<Command>, signals: SignalWatch, patience: Duration = .seconds(15),
        environment: [String: String] = ProcessEnvironment.all
    ) {
        self.options = options
        self.signals = signals
        self.patience = patience
        self.environment = environment
    }

    func run() async -> ExitStatus {
        do {
            try await serve()
            return .success
        } catch {
            return Self.report(error)
        }
    }

    /// Reports why the service ends.
    static func report(_ error: any Error) -> ExitStatus {
        let (status, text) = ExitStatus.of(error)
        let reference = (error as? any ExplainedError)?.section.reference
        for line in text.split(separator: "\n").map(\.shown) + [reference].compactMap(\.self) {
            LogOutput.standardError.write("\(Command.commandName): \(line)")
        }
        return status
    }

    private func serve() async throws {
        // Writing to a log whose reader is gone must not end the service.
        signal(SIGPIPE, SIG_IGN)
        let configuration = try load()
        let output =
            try options.logfile.map { path throws(LogOutput.Failure) in try LogOutput(path: path) }
            ?? .standardError
        let publisher = LogPublisher()
        // Before the registry is created, because it logs as well. Mistakes in this section are reported by the plan.
        let logger = bootstrapLogging(
            (try? configuration.logging())?.settings ?? LoggingSettings(), output: output, publisher: publisher,
            label: configuration.serviceName ?? Command.commandName)
        var plan = try withLogger(logger) { _ in
            try ServicePlan(
                configuration, types: Command.interfaces, registries: Command.registries,
                interceptors: Command.interceptors, only: options.interfaces)
        }
        for warning in configuration.warnings + plan.warnings { logger.warning("\(warning)") }
        if plan.publishesLog {
            plan.container.logEndpoint = try await publisher.open(
                ip: plan.logEndpoint?.host ?? plan.container.ip, port: plan.logEndpoint?.port ?? 0)
        }
        do {
            try await serve(plan, configuration.root, output: output, logger: logger)
        } catch {
            await publisher.close()
            throw error
        }
        logger.info("stopped")
        await publisher.close()
    }

    private func serve(
        _ plan: ServicePlan, _ configuration: Configuration, output: LogOutput, logger: Logger
    ) async throws {
        let client = Client(
            registry: options.isolated ? IsolatedRegistry(base: plan.registry) : plan.registry,
            configuration: plan.container, logger: logger)
        let reads = ConfigurationReads()
        var setup = ServiceSetup(configuration: configuration.noting(reads), client: client, logger: logger)
        try await withLogger(logger) { _ in try await Command.prepare(&setup) }
        for misspelling in reads.misspellings(in: configuration, except: ConfigurationLoader.sections) {
            logger.warning("\(misspelling)")
        }
        let container = try ServiceContainer(
            interfaces: try setup.define(plan.interfaces, of: Command.interfaces), client: client)
        let drain = plan.container.drainDelay + plan.container.drainTimeout
        let target = SignalWatch.Target { [patience] in
            let patience = container.progress.isServing ? drain + patience : patience
            container.beginGracefulShutdown()
            return patience
        } giveUp: { [hasServices = !setup.services.isEmpty] in
            let isBeside = hasServices && container.progress.phase == .idle
            let obstacle = isBeside ? "a service beside the container has not ended" : container.progress.obstacle
            output.write("\(obstacle): the process ends anyway")
        } other: { [terminal = signals.terminal] _ in
            // With a log file, SIGHUP from the terminal only reopens the file.
            if !output.isFile, terminal.isGone { return true }
            output.reopen()
            return false
        }
        await signals.obey(target)
        // The group stops its services in reverse order: those beside the container outlive it, and the client them.
        let reload = plan.policyPath.map { PolicyReload(path: $0, client: client, logger: logger) }
        var services = ([client] + [reload].compactMap(\.self) + setup.services as [any Service]).map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .gracefullyShutdownGroup)
        }
        services.append(
            .init(
                service: container, successTerminationBehavior: .gracefullyShutdownGroup,
                failureTerminationBehavior: .gracefullyShutdownGroup))
        var settings = ServiceGroupConfiguration(services: services, logger: quiet(logger))
        settings.maximumGracefulShutdownDuration = drain + patience
        let group = ServiceGroup(configuration: settings)
        do { try await group.run() } catch {
            guard let interface = container.progress.failedInterface else { throw error }
            throw StartFailure(interface: interface, cause: error)
        }
    }

    private func load() throws -> ProcessConfiguration {
        var configuration = try ProcessConfiguration.read(
            file: options.config, variables: options.vars, environment: environment)
        if let ip = options.ip { configuration.set("container.ip", to: ip, option: "--ip") }
        if options.guessExternalIp {
            let ip = try LocalAddress.guess()
            configuration.set("container.ip", to: ip, option: "--guess-external-ip")
        }
        if let port = options.port { configuration.set("container.port", to: "\(port)", option: "--port") }
        return configuration
    }

    private func bootstrapLogging(
        _ settings: LoggingSettings, output: LogOutput, publisher: LogPublisher, label: String
    ) -> Logger {
        var settings = settings
        if let level = options.loglevel.flatMap({ Logger.Level(named: $0) }) { settings.level = level }
        let isColoured = ServiceLogging.isColoured(
            options.color, isTerminal: output.isTerminal, environment: environment)
        ServiceLogging.bootstrap(settings, output: output, isColoured: isColoured, publisher: publisher)
        return Logger(label: label)
    }

    /// Silences the service group's log, unless somebody is debugging at level `trace`.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        if logger.logLevel > .trace { logger.logLevel = .critical }
        return logger
    }
}
