internal import Logging

/// What a session with ZooKeeper needs to begin.
struct ClientSettings: Sendable {
    /// `host:port,host:port`, without a chroot.
    var hosts: String
    var sessionMilliseconds: Int32
    var isReadOnly = false
    /// Pairs of a scheme and what it wants to know.
    var credentials: [(String, String)] = []
    /// The library's text for the files of TLS, or nil for connections without it.
    var certificates: String?
    var logger: Logger
}

/// A session that cannot even begin.
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

    /// Whether it makes sense to try again.
    var isTransient: Bool {
        if case .cannotOpen = self { true } else { false }
    }
}
