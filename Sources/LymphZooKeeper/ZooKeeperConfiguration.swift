/// Where ZooKeeper is and how it is used.
public struct ZooKeeperConfiguration: Sendable {
    /// The servers: `host:port`, several separated by commas, all of one ensemble. Without a port it is 2181.
    ///
    /// A path behind them is the chroot: `zk1:2181,zk2:2181,zk3:2181/lymph`.
    public var hosts: String

    /// The node below which everything is. Nil means what ``hosts`` say, or `/lymph`, as in Python lymph.
    public var chroot: String?

    /// After how long without a sign of life the servers remove what this process has registered.
    ///
    /// The servers allow only a certain range and take the nearest value.
    public var sessionTimeout: Duration

    /// How long registering and looking up may wait for a connection, and for the answers after it.
    public var connectTimeout: Duration

    /// Names and passwords, in ZooKeeper's scheme `digest`. They are needed where access to the nodes is restricted.
    public var credentials: [Credential]

    /// The files for connections with TLS, or nil for connections without. It needs a build of ZooKeeper's C client
    /// with OpenSSL, which Debian's is not; without one, everything fails with an error that says so.
    public var tls: TLS?

    /// Whether the registry only looks services up: it registers nothing, and a server that has lost the others of its
    /// ensemble, and only answers from its memory, is good enough.
    public var isReadOnly: Bool

    /// Creates a configuration; what is not named has its default.
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

    /// What a client proves itself with.
    public struct Credential: Sendable, Hashable {
        /// The name that the access lists of nodes contain.
        public var user: String
        /// The password, which never gets into logs.
        public var password: String

        /// Creates a credential.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// The files for connections with TLS, all in PEM format.
    public struct TLS: Sendable, Hashable {
        /// The certificates of the authorities that the servers' certificates are checked against.
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
