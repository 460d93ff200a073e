public import Lymph

extension RegistryClass {
    /// A ZooKeeper ensemble, see ``ZooKeeperRegistry``.
    ///
    /// ```yaml
    /// container:
    ///     registry:
    ///         class: zookeeper
    ///         hosts: zk1:2181,zk2:2181,zk3:2181
    /// ```
    ///
    /// Python lymph's spelling means the same; `zkclient` may also be in `dependencies`:
    ///
    /// ```yaml
    /// container:
    ///     registry:
    ///         class: lymph.discovery.zookeeper:ZookeeperServiceRegistry
    ///         zkclient:
    ///             class: kazoo.client:KazooClient
    ///             hosts: zk1:2181,zk2:2181,zk3:2181
    /// ```
    ///
    /// Both places also accept `chroot`, `timeout` (of the session), `connect_timeout`, `read_only`, and kazoo's
    /// `auth_data`, `use_ssl`, `ca`, `certfile`, `keyfile` and `keyfile_password`. Durations are numbers of seconds.
    public static let zooKeeper = RegistryClass("zookeeper", "lymph.discovery.zookeeper:ZookeeperServiceRegistry") {
        try ZooKeeperRegistry(ZooKeeperConfiguration($0))
    }
}

extension ZooKeeperConfiguration {
    /// Reads the registry's section of a configuration.
    init(_ configuration: Configuration) throws(ConfigurationError) {
        var mistakes = ConfigurationMistakes()
        mistakes.attempt { () throws(ConfigurationError) in _ = try configuration.decode(RegistrySettings.self) }
        let client = configuration.child("zkclient").flatMap { $0.isNull ? nil : $0 }
        if client != nil, !configuration.keys.allSatisfy({ ["class", "zkclient"].contains($0) }) {
            mistakes.add(
                configuration.error("says twice where ZooKeeper is: leave out zkclient, or everything else"))
        }
        let part = client ?? configuration
        var found = ConfigurationMistakes()
        let settings = found.attempt { () throws(ConfigurationError) in try part.decode(ClientSection.self) }
        let hosts = found.attempt { () throws(ConfigurationError) in try Self.hosts(part) }
        let credentials = found.attempt { () throws(ConfigurationError) in try Self.credentials(part) } ?? []
        let tls = found.attempt { () throws(ConfigurationError) in try Self.tls(part) }
        self.init(
            hosts: hosts ?? "", chroot: settings?.chroot, credentials: credentials, tls: tls ?? nil,
            isReadOnly: settings?.readOnly ?? false)
        if let timeout = settings?.timeout { sessionTimeout = timeout.value }
        if let timeout = settings?.connectTimeout { connectTimeout = timeout.value }
        if let hosts {
            do throws(RegistryError) {
                _ = try ZooKeeperHosts(hosts, chroot: chroot)
            } catch {
                found.add((part["hosts"] ?? part).error(error.message))
            }
        }
        mistakes.add(consequences: found)
        try mistakes.check()
    }

    /// Hosts may be one text, or a list.
    private static func hosts(_ part: Configuration) throws(ConfigurationError) -> String {
        guard let hosts = part["hosts"], !hosts.isNull else { return "127.0.0.1:2181" }
        guard hosts.elements != nil else { return try hosts.decode() }
        return try hosts.decode([String].self).joined(separator: ",")
    }

    /// A list of pairs, in kazoo's format: a scheme, and `name:password`.
    private static func credentials(_ part: Configuration) throws(ConfigurationError) -> [Credential] {
        guard let list = part["auth_data"], !list.isNull else { return [] }
        guard let pairs = list.elements else {
            throw list.mismatch(allowed: "a list of pairs [digest, \"name:password\"]")
        }
        var mistakes = ConfigurationMistakes()
        let credentials = pairs.compactMap { pair in
            mistakes.attempt { () throws(ConfigurationError) in try credential(pair) }
        }
        try mistakes.check()
        return credentials
    }

    private static func credential(_ pair: Configuration) throws(ConfigurationError) -> Credential {
        let texts: [String] = try pair.decode()
        let parts = texts.last?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
        guard texts.count == 2, texts[0] == "digest", parts.count == 2 else {
            throw pair.error("is not a credential", allowed: "[digest, \"name:password\"]")
        }
        return Credential(user: String(parts[0]), password: String(parts[1]))
    }

    private static func tls(_ part: Configuration) throws(ConfigurationError) -> TLS? {
        guard try value("use_ssl", of: part) == true else { return nil }
        guard try value("verify_certs", of: part) != false else {
            throw (part["verify_certs"] ?? part).error("is off: servers without a good certificate are refused here")
        }
        guard let authorities: String = try value("ca", of: part),
            let certificate: String = try value("certfile", of: part),
            let key: String = try value("keyfile", of: part)
        else { throw (part["use_ssl"] ?? part).error("needs ca, certfile and keyfile as well") }
        return TLS(
            authorities: authorities, certificate: certificate, key: key,
            keyPassword: try value("keyfile_password", of: part) ?? "")
    }

    private static func value<T: Decodable>(
        _ key: String, of part: Configuration
    ) throws(ConfigurationError) -> T? {
        guard let value = part[key], !value.isNull else { return nil }
        return try value.decode()
    }
}

/// The keys of the registry's section.
private struct RegistrySettings: Decodable {
    var zkclient: Configuration?
    // Without `zkclient`, these are the client's keys.
    var hosts, chroot, timeout, connectTimeout, readOnly, authData, useSsl, verifyCerts: Configuration?
    var ca, certfile, keyfile, keyfilePassword: Configuration?
    var randomizeHosts, connectionRetry, commandRetry: Configuration?
}

/// A duration above zero.
private struct PositiveDuration: Decodable {
    let value: Duration

    init(from decoder: any Decoder) throws {
        let part = try Configuration(from: decoder)
        value = try part.decode()
        guard value > .zero else { throw part.mismatch(allowed: "a duration above zero") }
    }
}

/// The client's keys, named as in Python's kazoo.
private struct ClientSection: Decodable {
    var hosts: Configuration?
    var chroot: String?
    var timeout: PositiveDuration?
    var connectTimeout: PositiveDuration?
    var readOnly: Bool?
    var authData: Configuration?
    var useSsl: Bool?
    var verifyCerts: Bool?
    var ca: String?
    var certfile: String?
    var keyfile: String?
    var keyfilePassword: String?
    // Accepted for kazoo, but without effect: the C client uses the hosts in random order and always retries.
    var randomizeHosts: Configuration?
    var connectionRetry: Configuration?
    var commandRetry: Configuration?
}
