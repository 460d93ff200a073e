/// What is asked of ZooKeeper.
enum NodeRequest: Sendable, Hashable {
    /// The names of a node's children, and an event at the next change of them.
    case children(of: String)
    /// A node's data, and an event at the next change of it.
    case data(of: String)
    /// Whether there is a node; with `watch`, an event when it appears, changes or goes.
    case find(String, watch: Bool)
    /// An empty node that stays.
    case createParent(String)
    /// A node with data that goes when the session ends.
    case create(String, [UInt8])
    /// The same, instead of the node that is there, in one step that nobody sees half of.
    case replace(String, [UInt8])
    /// No such node any longer.
    case delete(String)
}

/// What ZooKeeper answers.
enum NodeReply: Sendable, Hashable {
    case children([String])
    case data([UInt8], NodeStatus)
    case found(NodeStatus)
    case done
}

typealias NodeResult = Result<NodeReply, ZooKeeperError>

/// What ZooKeeper knows of a node besides its data.
struct NodeStatus: Sendable, Hashable {
    /// The session that the node ends with; 0 for nodes that stay.
    var owner: Int64 = 0
    var childCount: Int32 = 0
}

/// What happened to a node that is watched.
struct NodeEvent: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case created, deleted, dataChanged, childrenChanged }

    var kind: Kind
    var path: String
}

/// What the client tells of its session.
enum SessionEvent: Sendable, Hashable {
    /// The session stands; requests are served.
    case connected(session: Int64)
    /// The connection is lost; the client looks for another one, and the session may outlive that.
    case disconnected
    /// The session is over, and so is the client.
    case expired
    /// The server refuses the credentials, and the client is over.
    case authenticationFailed
}

/// All that comes from a client.
enum ClientEvent: Sendable {
    case session(SessionEvent)
    case node(NodeEvent)
    case reply(Int, NodeResult)
}
