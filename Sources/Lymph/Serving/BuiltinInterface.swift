internal import Logging
internal import MessagePack
internal import ZeroMQ

/// The interface `lymph` that every service has.
///
/// It is answered by the poller itself, whatever the service's own methods do, and whatever version is asked for: a service
/// that is busy is still alive.
enum BuiltinInterface {
    /// A method of the interface.
    enum Method: String, CaseIterable {
        case ping, status, inspect
        case getMetrics = "get_metrics"
        case changeLogLevel = "change_loglevel"
    }

    /// What a subject asks for.
    enum Subject {
        case method(Method)
        case unknown
    }

    /// The method of a request, or nil if it is for another interface.
    static func method(of subject: String) -> Subject? {
        guard subject.hasPrefix("lymph."), !subject.utf8.dropFirst(6).contains(UInt8(ascii: ".")) else { return nil }
        return Method(rawValue: String(subject.dropFirst(6))).map(Subject.method) ?? .unknown
    }
}

extension BuiltinInterface.Method {
    // Made once: heartbeats are read on the poll thread.
    private static let parametersOfPing = [ErasedParameter(name: "payload")]
    private static let parametersOfChangeLogLevel = ["qualname", "loglevel", "period"].map { ErasedParameter(name: $0) }

    var parameters: [ErasedParameter] {
        switch self {
        case .ping: Self.parametersOfPing
        case .changeLogLevel: Self.parametersOfChangeLogLevel
        case .status, .inspect, .getMetrics: []
        }
    }

    var help: String {
        switch self {
        case .ping: "Returns `payload`, at once."
        case .status: "Returns the endpoint and the identity of this process, and the state of its connections."
        case .inspect: "Returns a description of all methods of this service."
        case .getMetrics: "Returns what this process counts, as a list of [name, value, tags]."
        case .changeLogLevel:
            "Sets the log level of the loggers whose label begins with `qualname` for `period` seconds."
        }
    }
}

extension Poller {
    private static let mostBuiltinBytes = 65_536

    func answerBuiltin(_ subject: BuiltinInterface.Subject, _ request: Message, _ address: ReplyAddress) {
        do {
            guard case .method(let method) = subject else {
                throw ArgumentError(description: "lymph has no such method")
            }
            // They are read on the poll thread.
            guard request.payload.count <= Self.mostBuiltinBytes else {
                throw ArgumentError(
                    description: "\(request.payload.count) bytes; a method of lymph takes \(Self.mostBuiltinBytes)")
            }
            var arguments = try Arguments(request.payload, method.parameters)
            answer(address, .reply, .bytes(try answer(to: method, &arguments)))
        } catch {
            // What can't be answered is what was sent.
            refuse(request.subject, address, (error as? ArgumentError)?.refusal ?? .rejected("\(error)"))
        }
    }

    private func answer(to method: BuiltinInterface.Method, _ arguments: inout Arguments) throws -> [UInt8] {
        switch method {
        case .ping:
            return try arguments.decode(Parameter<Value>("payload", default: .nil)).encoded()
        case .status:
            let status: Value = [
                "endpoint": .string(endpoint?.description ?? ""), "identity": .string(server.identity),
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
            let label = try arguments.decode(Parameter<String>("qualname"))
            let level = try arguments.decode(Parameter<Value>("loglevel"))
            let period = try arguments.decode(Parameter<Double>("period", default: 60))
            guard let level = Logger.Level(lymph: level) else {
                throw ArgumentError(description: "\(level) is no log level; there are DEBUG, INFO, WARNING, ERROR, …")
            }
            guard period >= 0, period <= 86_400 else {
                throw ArgumentError(description: "a period of \(period) s; 0 to 86400 is allowed")
            }
            guard label.utf8.count <= 200 else {
                throw ArgumentError(description: "the label of a logger has at most 200 bytes")
            }
            guard logLevels.set(level, for: label, until: .now + .seconds(period)) else {
                throw ArgumentError(
                    description: "\(LogLevels.limit) labels have a level for a time; more are not allowed")
            }
            log(.levelChanged, ["label": "\(label)", "level": "\(level)"])
            return [0xc0]
        }
    }

    /// What `lymph.inspect` returns: all interfaces, this one included.
    private func inspection() -> Value {
        var methods = server.router.all.map { name, version, handler in
            Value(
                method: "\(name).\(handler.name)", version: version?.description ?? "None",
                parameters: handler.parameters, help: handler.help)
        }
        methods += BuiltinInterface.Method.allCases.map { method in
            Value(
                method: "lymph.\(method.rawValue)", version: "None", parameters: method.parameters.map(\.name),
                help: method.help)
        }
        return ["methods": .array(methods)]
    }
}

extension Value {
    fileprivate init(method: String, version: String, parameters: [String], help: String) {
        self = [
            "name": .string(method), "version": .string(version), "params": .array(parameters.map(Value.string)),
            "help": .string(help),
        ]
    }

    init(tags: [String: String]) {
        self = .map(.init(tags.map { (.string($0.key), .string($0.value)) }))
    }
}
