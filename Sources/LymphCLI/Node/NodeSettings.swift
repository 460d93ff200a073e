internal import Lymph
internal import LymphService

/// What a node runs, according to the configuration and the command line.
struct NodeSettings {
    /// The file from which the processes read `container`, `registry` and so on.
    let file: String
    let ip: String
    let instances: [InstanceSettings]
    let sockets: [SocketSettings]

    init(_ configuration: ProcessConfiguration) throws {
        guard let file = configuration.files.last else {
            throw Failure(
                .configuration, "there is no configuration file, so there is nothing to run",
                advice: "write one with `instances:` to .lymph.yml, or name one with --config")
        }
        self.file = file
        var found = ConfigurationMistakes()
        let container = found.attempt { () throws(ConfigurationError) in try configuration.peerConfiguration() }
        let instances = found.attempt { () throws(ConfigurationError) in try configuration.instances() }
        let sockets = found.attempt { () throws(ConfigurationError) in try configuration.sockets() }
        try configuration.check(found)
        guard let container, let instances, let sockets else { throw found.makeError() }
        (self.ip, self.instances, self.sockets) = (container.ip, instances, sockets)
        guard instances.contains(where: { $0.processes > 0 }) else {
            throw Failure(
                .configuration, "\(file) has no instances, so there is nothing to run",
                advice: "add `instances: {echo: {command: …, numprocesses: 2}}`")
        }
    }

    /// The processes to keep running.
    ///
    /// - Parameters:
    ///   - environment: The node's environment. Each process also gets the variables that Python lymph's node sets.
    ///   - shared: The open sockets.
    func programs(environment: [String: String], shared: [SharedSocket]) -> [ProcessNode.Program] {
        instances.flatMap { instance in
            var environment = environment
            environment["LYMPH_NODE_CONFIG"] = file
            environment["LYMPH_NODE_IP"] = ip
            environment["LYMPH_SERVICE_NAME"] = instance.name
            environment["LYMPH_SHARED_SOCKET_FDS"] = SharedSocket.environmentValue(shared)
            return (0..<instance.processes).map { index in
                ProcessNode.Program(
                    id: ProcessID(instance.name, index + 1), words: instance.command, environment: environment)
            }
        }
    }
}
