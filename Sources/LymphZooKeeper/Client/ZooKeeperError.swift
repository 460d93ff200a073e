internal import CZooKeeper

/// A request that ZooKeeper or its client refused.
struct ZooKeeperError: Error, Hashable, CustomStringConvertible {
    /// One of the library's `ZOO_ERRORS`.
    var code: Int32

    init(_ code: ZOO_ERRORS) { self.code = Int32(code.rawValue) }

    init(code: Int32) { self.code = code }

    static let noNode = ZooKeeperError(ZNONODE)
    static let nodeExists = ZooKeeperError(ZNODEEXISTS)
    static let connectionLost = ZooKeeperError(ZCONNECTIONLOSS)
    static let closing = ZooKeeperError(ZCLOSING)
    static let notPermitted = ZooKeeperError(ZNOAUTH)

    /// Whether the same request may succeed with the next connection or session, or a little later.
    var isTransient: Bool {
        switch self {
        case .connectionLost, .closing, Self(ZOPERATIONTIMEOUT), Self(ZSESSIONEXPIRED), Self(ZSESSIONMOVED),
            Self(ZINVALIDSTATE), Self(ZTHROTTLEDOP), Self(ZNOTREADONLY):
            true
        default: false
        }
    }

    /// The library's text for the code.
    var description: String {
        // The library returns a constant text for every code, even for unknown ones.
        let text = unsafe zerror(code)
        return unsafe text.map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
