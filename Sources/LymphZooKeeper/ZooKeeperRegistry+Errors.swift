internal import Lymph

extension ZooKeeperRegistry {
    func makeClosedError() -> RegistryError { RegistryError(.unavailable, "the registry is closed") }

    /// The error for a caller whose time has run out.
    func makeTimeoutError() -> RegistryError {
        RegistryError(.unavailable, silence(within: " within \(configuration.connectTimeout)"))
    }

    /// Why there is no answer, as far as is known.
    func silence(within limit: String = "") -> String {
        guard session.current == nil else { return "ZooKeeper at \(hosts.servers) has not answered\(limit)" }
        let reason = (problem ?? finding).map { ": \($0)" } ?? ""
        return "no connection to ZooKeeper at \(hosts.servers)\(limit)\(reason)"
    }

    func clientSettings() -> ClientSettings {
        let seconds = configuration.sessionTimeout / .milliseconds(1)
        return ClientSettings(
            hosts: hosts.servers, sessionMilliseconds: Int32(min(max(seconds, 1), Double(Int32.max))),
            isReadOnly: configuration.isReadOnly,
            credentials: configuration.credentials.map { ("digest", "\($0.user):\($0.password)") },
            certificates: configuration.tls.map {
                [$0.authorities, $0.certificate, $0.key, $0.keyPassword].joined(separator: ",")
            }, logger: logger)
    }
}

extension LogKey {
    static let clientLine = "zookeeper.client"
    static let hosts = "zookeeper.hosts"
    static let node = "zookeeper.node"
    static let session = "zookeeper.session"
}
