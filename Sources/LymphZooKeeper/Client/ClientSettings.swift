internal import Logging

/// The settings for opening a session with ZooKeeper.
struct ClientSettings: Sendable {
    /// `host:port,host:port`, without a chroot.
    var hosts: String
    var sessionMilliseconds: Int32
    var isReadOnly = false
    /// Pairs of an authentication scheme and its credential.
    var credentials: [(String, String)] = []
    /// The TLS files in the library's format, or nil for connections without TLS.
    var certificates: String?
    var logger: Logger
}

/// Why a session could not even be opened.
enum ZooKeeperHandleError: Error, CustomStringConvertible {
    case tlsIsMissing
    case cannotOpen(String)

    var description: String {
        switch self {
        case .tlsIsMissing:
            "this build of ZooKeeper's C client (libzookeeper_mt) has no TLS; leave `tls` out of the configuration or "
                + "install a build with OpenSSL"
        case .cannotOpen(let hosts): "none of the hosts \(hosts) can be found"
        }
    }

    /// Whether trying again may help.
    var isTransient: Bool {
        if case .cannotOpen = self { true } else { false }
    }
}
