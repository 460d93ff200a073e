public import Lymph

/// The keys of `container`.
private struct ContainerSettings: Decodable {
    struct RPC: Decodable {
        var `class`: String?
        var ip: String?
        var port: UInt16?
        var connection: Connection?
        var pool: Configuration?
    }

    /// The times of Python lymph's heartbeat, in ascending order: each is shorter than the next.
    struct Connection: Decodable {
        var heartbeatInterval: Duration?
        var timeout: Duration?
        var idleTimeout: Duration?
        var unresponsiveDisconnect: Duration?
        var idleDisconnect: Duration?
    }

    struct Metrics: Decodable {
        var tags: [String: Configuration]?
    }

    var ip: String?
    var port: UInt16?
    var rpc: RPC?
    var pool: Pool?
    var metrics: Metrics?
    var events: Configuration?
    var registry: Configuration?
    var interceptors: Configuration?
    var security: Configuration?
    var logEndpoint: String?
    var serviceName: String?
    var debug: Bool?
    var worker: Bool?
    var handlerExecutor: HandlerExecutor?
    var loadBalancing: LoadBalancing?
    var unversionedCalls: UnversionedCalls?
    var timeout: Duration?
    var startupGrace: Duration?
    var maxMessageBytes: Size<MessageBytes>?
    var maxConcurrentRequests: WholeNumber<AtLeastOne>?
    var maxQueuedBytes: Size<AtLeastOne>?
    var maxPeers: WholeNumber<AtLeastOne>?
    var drainDelay: Duration?
    var drainTimeout: Duration?
    var ioThreads: WholeNumber<AtLeastOne>?

    struct Pool: Decodable {
        var size: WholeNumber<AtLeastOne>?
    }

    enum HandlerExecutor: String, Decodable, CaseIterable {
        case pool, poller
    }

    enum UnversionedCalls: String, Decodable, CaseIterable {
        case any, newest
    }

    enum LoadBalancing: String, Decodable, CaseIterable {
        case powerOfTwoChoices = "power_of_two_choices"
        case random
    }
}

extension ProcessConfiguration {
    /// Where a container listens and what it allows: the section `container`.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` for unknown keys and invalid values.
    public func peerConfiguration() throws(ConfigurationError) -> PeerConfiguration {
        var mistakes = ConfigurationMistakes()
        var result = PeerConfiguration()
        let ip = mistakes.attempt { () throws(ConfigurationError) in try address() }
        let tags = mistakes.attempt { () throws(ConfigurationError) in try metricsTags() }
        let settings = mistakes.attempt { () throws(ConfigurationError) in
            try container.decode(ContainerSettings.self)
        }
        let security = mistakes.attempt { () throws(ConfigurationError) in try self.security() }
        if let ip { result.ip = ip }
        if let security { result.security = security }
        if let tags { result.metricsTags = tags }
        if let settings { Self.apply(settings, to: &result) }
        try mistakes.check()
        return result
    }

    private static func apply(_ settings: ContainerSettings, to result: inout PeerConfiguration) {
        if let port = settings.port ?? settings.rpc?.port { result.port = port }
        if let executor = settings.handlerExecutor { result.handlerExecutor = executor == .pool ? .pool : .poller }
        if let choice = settings.loadBalancing {
            result.loadBalancing = choice == .random ? .random : .powerOfTwoChoices
        }
        if let choice = settings.unversionedCalls { result.unversionedCalls = choice == .newest ? .newest : .any }
        if let timeout = settings.timeout { result.timeout = timeout }
        if let grace = settings.startupGrace { result.startupGrace = grace }
        if let delay = settings.drainDelay { result.drainDelay = delay }
        if let timeout = settings.drainTimeout { result.drainTimeout = timeout }
        if let limit = settings.maxConcurrentRequests ?? settings.pool?.size {
            result.maxConcurrentRequests = limit.value
        }
        if let limit = settings.maxMessageBytes { result.maxMessageBytes = limit.value }
        if let limit = settings.maxQueuedBytes { result.maxQueuedBytes = limit.value }
        if let limit = settings.maxPeers { result.maxPeers = limit.value }
        if let count = settings.ioThreads { result.ioThreads = count.value }
    }

    /// The tags that `container.metrics.tags` adds to every metric of the process.
    func metricsTags() throws(ConfigurationError) -> [String: String] {
        var mistakes = ConfigurationMistakes()
        var tags: [String: String] = [:]
        for (key, tag) in container["metrics.tags"]?.children ?? [] {
            switch tag.node.content {
            case .text(let text): tags[key] = text
            case .integer(let number): tags[key] = "\(number)"
            case .bool(let value): tags[key] = "\(value)"
            default: mistakes.add(tag.mismatch(allowed: "a string"))
            }
        }
        try mistakes.check()
        return tags
    }

    /// Where the process publishes its log: `container.log_endpoint`.
    public func logEndpoint() throws(ConfigurationError) -> Endpoint? {
        guard let part = container["log_endpoint"], !part.isNull else { return nil }
        let text: String = try part.decode()
        let endpoint: Endpoint
        do throws(EndpointError) {
            endpoint = try Endpoint(validating: text)
        } catch {
            throw part.error("\(error)")
        }
        guard endpoint.canBeReached else {
            throw part.mismatch(
                allowed: "an address that others can connect to; without it, one at container.ip is used")
        }
        return endpoint
    }

    /// The section, or an empty map.
    var container: Configuration {
        root.child("container") ?? Configuration(ConfigurationNode(.map([]), at: root.origin), path: "container")
    }

    /// The setting of the container's address: the command line, else Python's own key `rpc.ip`, else `container.ip`.
    package var addressPart: Configuration? {
        let parts = [container["rpc.ip"], container["ip"]].compactMap(\.self).filter { !$0.isNull }
        return parts.first { if case .option = $0.origin.source { true } else { false } } ?? parts.first
    }

    private func address() throws(ConfigurationError) -> String {
        guard let part = addressPart else { return PeerConfiguration().ip }
        let text: String = try part.decode()
        guard let endpoint = try? Endpoint(host: text, port: 1), endpoint.canBeReached else {
            throw part.mismatch(
                allowed: "an IP address of this machine that peers can reach; --guess-external-ip finds one")
        }
        return endpoint.host
    }

    /// Rejects events, which are not supported. Only services call this: a client can call services of a fleet that
    /// has events.
    package func checkEvents() throws(ConfigurationError) {
        guard let part = container["events"], !part.isNull else { return }
        let name = part["class"] ?? part
        if name.node.text?.hasPrefix("lymph.events.null:") == true { return }
        throw name.error(
            "found \(name.node.described(isSecret: false)): events are not supported",
            allowed: "lymph.events.null:NullEventSystem, or no container.events")
    }
}
