/// Whether a process encrypts its connections, and whom it admits.
///
/// ```swift
/// let key = try KeyPair(contentsOf: "/etc/lymph/echo.key_secret")
/// configuration.security = .encrypted(key: key, policy: policy)
/// ```
///
/// Encryption is CURVE (RFC 26): both sides of a connection prove that they have their keys, and a stranger learns and
/// changes nothing. The ``AccessPolicy`` says which keys belong to whom, and what each may call.
public struct Security: Sendable {
    /// Which connections are encrypted.
    public struct Encryption: Sendable, Hashable {
        private enum Kind { case auto, required }

        private let kind: Kind

        /// Those to and from processes that can; the others stay plain. A plain peer is admitted if its address is in one
        /// of the policy's ranges for that. For a fleet in which Python services live.
        public static let auto = Encryption(kind: .auto)
        /// All. Nobody is served or called without encryption.
        public static let required = Encryption(kind: .required)
    }

    /// Which keys of services are believed.
    public struct Trust: Sendable, Hashable {
        private enum Kind { case pinned, registry }

        private let kind: Kind

        /// Those in the policy.
        public static let pinned = Trust(kind: .pinned)
        /// Those in the registry, too: whoever can write to the registry can then pass for any service.
        public static let registry = Trust(kind: .registry)
    }

    /// What an encrypting process needs.
    package struct Encrypted: Sendable {
        package let key: KeyPair
        package var policy: AccessPolicy
        package let encryption: Encryption
        package let trust: Trust
        package let port: UInt16
    }

    package var encrypted: Encrypted?
    /// Whether the process listens only where strangers can't reach it.
    package let isLocal: Bool

    /// Whether nothing may leave or enter the process unencrypted.
    package var isRequired: Bool { encrypted?.encryption == .required }

    /// Nothing is encrypted, and everybody who can reach the process is served and believed, on any address: for networks
    /// that you trust.
    public static let off = Security(encrypted: nil, isLocal: false)

    /// Nothing is encrypted, and the process listens only on loopback addresses; on any other it doesn't start. The
    /// default.
    public static let localOnly = Security(encrypted: nil, isLocal: true)

    /// Connections are encrypted.
    ///
    /// - Parameters:
    ///   - key: The keys of this process. Its public key is what others have in their policies.
    ///   - policy: Who is admitted, and what each may call. It can be replaced later (``Client/use(_:)``).
    ///   - encryption: Which connections are encrypted.
    ///   - trust: Which keys of services are believed.
    ///   - port: The port to listen on for encrypted connections if ``Encryption/auto`` leaves
    ///     ``PeerConfiguration/port`` to the plain ones; 0 for any free one.
    public static func encrypted(
        key: KeyPair, policy: AccessPolicy, _ encryption: Encryption = .required, trust: Trust = .pinned,
        port: UInt16 = 0
    ) -> Security {
        Security(
            encrypted: Encrypted(key: key, policy: policy, encryption: encryption, trust: trust, port: port),
            isLocal: false)
    }
}
