/// A request to ZooKeeper.
enum NodeRequest: Sendable, Hashable {
    /// The names of a node's children, with a watch for the next change of them.
    case children(of: String)
    /// A node's data, with a watch for the next change of it.
    case data(of: String)
    /// Whether a node exists; with `watch`, also an event when it is created, changed or deleted.
    case find(String, watch: Bool)
    /// Create an empty, persistent node.
    case createParent(String)
    /// Create an ephemeral node with data: it is deleted when the session ends.
    case create(String, [UInt8])
    /// Replace a node by an ephemeral one, atomically.
    case replace(String, [UInt8])
    /// Delete a node.
    case delete(String)
}

/// ZooKeeper's answer.
enum NodeReply: Sendable, Hashable {
    case children([String])
    case data([UInt8], NodeStatus)
    case found(NodeStatus)
    case done
}

typealias NodeResult = Result<NodeReply, ZooKeeperError>

/// What ZooKeeper knows about a node besides its data.
struct NodeStatus: Sendable, Hashable {
    /// The session that an ephemeral node belongs to; 0 for persistent nodes.
    var owner: Int64 = 0
    var childCount: Int32 = 0
}

/// An event of a watched node.
struct NodeEvent: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case created, deleted, dataChanged, childrenChanged }

    var kind: Kind
    var path: String
}

/// An event of the client's session.
enum SessionEvent: Sendable, Hashable {
    /// The session is established; requests are served.
    case connected(session: Int64)
    /// The connection is lost; the client looks for another server, and the session may survive.
    case disconnected
    /// The session has expired; the client can't be used any longer.
    case expired
    /// The server refused the credentials; the client can't be used any longer.
    case authenticationFailed
}

/// Everything that a client can report.
enum ClientEvent: Sendable {
    case session(SessionEvent)
    case node(NodeEvent)
    case reply(Int, NodeResult)
}
