internal import Logging
internal import MessagePack
internal import ZeroMQ

extension BuiltinInterface.Method {
    fileprivate static let payload = Parameter<Value>("payload", default: .nil)
    fileprivate static let label = Parameter<String>("qualname")
    fileprivate static let level = Parameter<Value>("loglevel")
    fileprivate static let period = Parameter<Double>("period", default: 60)

    // Made once, because heartbeats are decoded on the poll thread.
    private static let parametersOfPing = [payload.erased]
    private static let parametersOfChangeLogLevel = [label.erased, level.erased, period.erased]

    var parameters: [ErasedParameter] {
        switch self {
        case .ping: Self.parametersOfPing
        case .changeLogLevel: Self.parametersOfChangeLogLevel
        case .status, .inspect, .getMetrics: []
        }
    }

    private var result: Any.Type {
        switch self {
        case .ping: Value.self
        case .status, .inspect: [String: Value].self
        case .getMetrics: [[Value]].self
        case .changeLogLevel: Void.self
        }
    }

    var schema: MethodSchema {
        MethodSchema(of: parameters, returning: result, raises: [], isIdempotent: self != .changeLogLevel)
    }

    var help: String {
        switch self {
        case .ping: "Returns `payload`, at once."
        case .status: "Returns the endpoint and the identity of this process, and the state of its connections."
        case .inspect: "Returns a description of all methods of this service."
        case .getMetrics: "Returns the metrics of this process, as a list of [name, value, tags]."
        case .changeLogLevel:
            "Sets the log level of the loggers whose label begins with `qualname` for `period` seconds."
        }
    }
}

/// Answers calls to the built-in interface `lymph`.
extension Poller {
    private static let mostBuiltinBytes = 65_536

    func handleBuiltin(_ subject: BuiltinInterface.Subject, _ request: Message, _ address: ReplyAddress) {
        var address = address
        if case .method(let method) = subject {
            if let refusal = requests.refusal(of: method, from: request.sender) {
                return refuse(request.subject, address, refusal)
            }
            address.tellsAge = method == .ping
        }
        let unknown = if case .method(.inspect) = subject { unknownSchemas } else { [] as [LazyMethodSchema] }
        if let overload = requests.overload {
            guard !interceptors.isEmpty else { return send(answer(to: subject, request), to: request, address) }
            // Otherwise slow interceptors would let peers fill the memory.
            return refuse(request.subject, address, overload)
        }
        if interceptors.isEmpty, unknown.isEmpty { return send(answer(to: subject, request), to: request, address) }
        let handler = Handler(name: request.subject, interface: self) { request, _ in
            // Types run their own code to show what they consist of: not on the poll thread.
            if !unknown.isEmpty {
                let pool = self.loop.pool ?? globalConcurrentExecutor
                await withTaskExecutorPreference(pool) { await findOut(unknown) }
            }
            return await self.intercept(request, for: subject)
        }
        follow(requests.begin(handler, request, from: address, self))
    }

    private nonisolated func intercept(
        _ request: any ServerRequest, for subject: BuiltinInterface.Subject
    ) async -> Answer {
        await interceptors.run(request) { request in
            do throws(Refusal) { try request.begin() } catch { return .nack(error) }
            return await self.answer(to: subject, request.message)
        }
    }

    private func answer(to subject: BuiltinInterface.Subject, _ request: Message) -> Answer {
        do {
            guard case .method(let method) = subject else {
                throw ArgumentError(description: "lymph has no such method")
            }
            // Arguments are decoded on the poll thread, so their size is limited.
            guard request.payload.count <= Self.mostBuiltinBytes else {
                throw ArgumentError(
                    description: "\(request.payload.count) bytes; a method of lymph takes \(Self.mostBuiltinBytes)")
            }
            var arguments = try Arguments(request.payload, method.parameters)
            return .reply(try answer(to: method, &arguments))
        } catch {
            // Only the arguments can be wrong here, so any error is the caller's.
            return .nack((error as? ArgumentError)?.refusal ?? .rejected("\(error)"))
        }
    }

    private func answer(to method: BuiltinInterface.Method, _ arguments: inout Arguments) throws -> [UInt8] {
        switch method {
        case .ping:
            return try arguments.decode(BuiltinInterface.Method.payload).encoded()
        case .status:
            let status: Value = [
                "endpoint": .string(endpoint?.description ?? ""), "identity": .string(identity),
                "connections": connections(),
            ]
            return try status.encoded()
        case .inspect:
            return try inspection().encoded()
        case .getMetrics:
            let metrics = statistics.all.map { metric -> Value in
                [.string(metric.name), .int(Int64(metric.value)), Value(tags: metric.tags)]
            }
            let tags = Value(tags: configuration.metricsTags)
            let running: Value = ["lymph.server.running", .int(Int64(runningRequests)), tags]
            let waiting: Value = ["lymph.client.waiting", .int(Int64(waitingCalls)), tags]
            let peers: Value = ["lymph.peers", .int(Int64(peers.count)), tags]
            return try Value.array(metrics + [running, waiting, peers] + connectionMetrics()).encoded()
        case .changeLogLevel:
            let label = try arguments.decode(BuiltinInterface.Method.label)
            let level = try arguments.decode(BuiltinInterface.Method.level)
            let period = try arguments.decode(BuiltinInterface.Method.period)
            guard let level = Logger.Level(lymph: level) else {
                throw ArgumentError(description: "\(level) is not a log level; allowed: DEBUG, INFO, WARNING, …")
            }
            guard period >= 0, period <= 86_400 else {
                throw ArgumentError(description: "a period of \(period) s; 0 to 86400 s is allowed")
            }
            guard label.utf8.count <= 200 else {
                throw ArgumentError(description: "the label of a logger may have at most 200 bytes")
            }
            guard logLevels.set(level, for: label, until: loop.now + .seconds(period)) else {
                throw ArgumentError(
                    description: "\(LogLevels.limit) labels have a temporary level; more are not allowed")
            }
            log(.levelChanged, ["label": "\(label)", "level": "\(level)"])
            return [0xc0]
        }
    }

    /// The schemas of methods that nobody has asked for yet.
    private var unknownSchemas: [LazyMethodSchema] {
        requests.router.all.compactMap { $0.handler.schema }.filter { $0.known == nil }
    }

    /// The result of `lymph.inspect`: the methods of all interfaces, including `lymph` itself.
    private func inspection() -> Value {
        var methods = requests.router.all.map { name, version, handler in
            Value(
                method: "\(name).\(handler.name)", version: version?.description ?? "None",
                parameters: handler.parameters, help: handler.traits.help, handler.schema?.known)
        }
        methods += BuiltinInterface.Method.allCases.map { method in
            Value(
                method: method.subject, version: "None", parameters: method.parameters.map(\.name),
                help: method.help, method.schema)
        }
        return ["methods": .array(methods)]
    }

    /// The state of every connection, for `lymph.status`.
    private func connections() -> Value {
        .array(
            peers.summaries(at: loop.now).map { peer in
                [
                    "endpoint": .string(peer.endpoint.description), "state": .string(peer.state.rawValue),
                    "rtt": peer.roundTrip.map { .double($0.inSeconds) } ?? .nil,
                    "phi": peer.phi.map { .double($0) } ?? .nil, "outstanding": .int(Int64(peer.outstanding)),
                    "waiting": .int(Int64(peer.waiting)),
                ]
            })
    }

    /// Round-trip time and phi of every connection, for `lymph.get_metrics`.
    private func connectionMetrics() -> [Value] {
        peers.summaries(at: loop.now).flatMap { peer -> [Value] in
            let tags = configuration.metricsTags.merging(
                ["peer": peer.endpoint.description, "state": peer.state.rawValue]) { $1 }
            let measured = [
                ("lymph.connection.rtt", peer.roundTrip?.inSeconds), ("lymph.connection.phi", peer.phi),
            ]
            return measured.compactMap { name, value in
                value.map { [.string(name), .double($0), Value(tags: tags)] }
            }
        }
    }
}

@concurrent private func findOut(_ schemas: [LazyMethodSchema]) async {
    for schema in schemas { _ = schema.value }
}

extension Value {
    fileprivate init(
        method: String, version: String, parameters: [String], help: String, _ schema: MethodSchema?
    ) {
        let known: [(Value, Value)] = [
            ("name", .string(method)), ("version", .string(version)),
            ("params", .array(parameters.map(Value.string))), ("help", .string(help)),
        ]
        self = .map(Map(known + (schema?.wireFields ?? []).map { (.string($0.name), $0.value) }))
    }

    init(tags: [String: String]) {
        self = .map(.init(tags.map { (.string($0.key), .string($0.value)) }))
    }
}
