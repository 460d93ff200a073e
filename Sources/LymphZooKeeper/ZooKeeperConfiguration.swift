/// Where ZooKeeper is and how it is used.
public struct ZooKeeperConfiguration: Sendable {
    /// The servers of one ensemble: `host:port`, separated by commas. The default port is 2181.
    ///
    /// A path after them is the chroot: `zk1:2181,zk2:2181,zk3:2181/lymph`.
    public var hosts: String

    /// The node below which everything is. Nil means the chroot in ``hosts``, or else `/lymph`, as in Python lymph.
    public var chroot: String?

    /// How long a process may be silent before the servers remove what it has registered.
    ///
    /// The servers allow only a certain range and use the nearest value in it.
    public var sessionTimeout: Duration

    /// How long registrations and lookups may wait for a connection, and for the answers after it.
    public var connectTimeout: Duration

    /// Names and passwords for ZooKeeper's scheme `digest`, for nodes with restricted access.
    public var credentials: [Credential]

    /// The files for TLS, or nil for connections without it. TLS needs a build of ZooKeeper's C client with OpenSSL,
    /// which Debian's is not; without it, everything fails with an error that says so.
    public var tls: TLS?

    /// Whether the registry only looks services up. It then registers nothing, and may use a server that has lost
    /// contact with its ensemble and only serves reads.
    public var isReadOnly: Bool

    /// Creates a configuration; every argument except `hosts` has a default.
    public init(
        hosts: String, chroot: String? = nil, sessionTimeout: Duration = .seconds(10),
        connectTimeout: Duration = .seconds(10), credentials: [Credential] = [], tls: TLS? = nil,
        isReadOnly: Bool = false
    ) {
        self.hosts = hosts
        self.chroot = chroot
        self.sessionTimeout = sessionTimeout
        self.connectTimeout = connectTimeout
        self.credentials = credentials
        self.tls = tls
        self.isReadOnly = isReadOnly
    }

    /// A client's credential.
    public struct Credential: Sendable, Hashable {
        /// The name, as in the access lists of nodes.
        public var user: String
        /// The password. It is never logged.
        public var password: String

        /// Creates a credential.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// The files for TLS connections, all in PEM format.
    public struct TLS: Sendable, Hashable {
        /// The CA certificates against which the servers' certificates are verified.
        public var authorities: String
        /// The client's certificate.
        public var certificate: String
        /// The client's private key.
        public var key: String
        /// The password of the key, or empty.
        public var keyPassword: String

        /// Creates a description of the files.
        public init(authorities: String, certificate: String, key: String, keyPassword: String = "") {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
            self.keyPassword = keyPassword
        }
    }
}
