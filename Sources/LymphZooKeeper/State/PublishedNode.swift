/// The node of an instance that should stay registered, whatever happens to sessions and to the node.
struct PublishedNode: Sendable {
    /// What the registry has to do.
    enum Action: Sendable, Hashable {
        case send(NodeRequest)
        /// Call ``PublishedNode/check()`` in a moment.
        case checkSoon
        /// The instance is registered.
        case succeeded
        /// The instance was registered, and is not any longer.
        case lost(Loss)
        /// The instance is not registered. Only one that was registered before is tried again.
        case failed(ZooKeeperError)
        /// The node belongs to somebody else whose session is alive.
        case belongsToStranger(document: [UInt8], session: Int64)
    }

    /// How the registration was lost.
    enum Loss: Sendable, Hashable { case deleted, changed, endOfSession }

    /// Decides whether a node that is in the way is our own.
    typealias IsOurs = (_ document: [UInt8], _ session: Int64) -> Bool

    private enum State: Hashable {
        /// Nothing is in progress; the next session or retry starts it. → creating
        case pending
        /// → registered, inspecting, makingParent, pending
        case creating
        /// The node above does not exist; the number is an index into ``NodePaths/parents(of:)``. → creating, pending
        case makingParent(Int)
        /// A node is in the way; whose is it? → replacing, creating, registered, refused, pending
        case inspecting
        /// → registered, creating, inspecting, pending
        case replacing
        /// → creating, when somebody deletes the node; replacing or refused, when somebody changes it; pending
        case registered(session: Int64)
        /// Somebody else has the node. → inspecting, when something happens to it; pending
        case refused
    }

    let path: String
    let document: [UInt8]

    private var state = State.pending
    private var session: Int64 = 0

    init(path: String, document: [UInt8]) {
        self.path = path
        self.document = document
    }

    /// Whether the next attempt has to be triggered from outside.
    var isPending: Bool { state == .pending }

    /// Requests are served, or it is time for another attempt.
    mutating func start(in session: Int64) -> [Action] {
        // The node may have been deleted while there was no connection to report it.
        if state == .registered(session: session) { return [.send(.data(of: path))] }
        self.session = session
        return lose(.endOfSession) + create()
    }

    /// Requests are not served for now.
    mutating func pause() {
        // Replies to pending requests will report this, too, but possibly after the next session has started.
        if case .registered = state { return }
        state = .pending
    }

    /// The node was created, or something happened to it, a moment ago: is it still correct?
    mutating func check() -> [Action] {
        switch state {
        case .registered: [.send(.data(of: path))]
        case .refused: inspect()
        case .pending, .creating, .makingParent, .inspecting, .replacing: []
        }
    }

    /// Handles the reply to the last request. The caller drops replies to earlier ones.
    mutating func handle(_ result: NodeResult, isOurs: IsOurs) -> [Action] {
        switch (state, result) {
        case (.registered, .failure(.noNode)): lose(.deleted) + create()
        case (.registered, .success(.data(let data, let status))) where !isMine(data, status):
            lose(.changed) + judge(data, status, isOurs)
        case (.pending, _), (.registered, _), (.refused, _): []
        case (.creating, .success), (.replacing, .success): succeed()
        case (.creating, .failure(.noNode)): makeParent(NodePaths.parents(of: path).count - 1)
        case (.creating, .failure(.nodeExists)), (.replacing, .failure(.nodeExists)): inspect()
        case (.inspecting, .failure(.noNode)), (.replacing, .failure(.noNode)): create()
        // Upwards to the first ancestor that exists, then down again.
        case (.makingParent(let place), .failure(.noNode)): makeParent(place - 1)
        case (.makingParent(let place), .success), (.makingParent(let place), .failure(.nodeExists)):
            makeParent(place + 1)
        case (.inspecting, .success(.data(let data, let status))): judge(data, status, isOurs)
        case (_, .failure(let error)): fail(error)
        case (.inspecting, .success): []
        }
    }

    private func lose(_ loss: Loss) -> [Action] {
        if case .registered = state { [.lost(loss)] } else { [] }
    }

    private mutating func create() -> [Action] {
        state = .creating
        return [.send(.create(path, document))]
    }

    private mutating func makeParent(_ place: Int) -> [Action] {
        let parents = NodePaths.parents(of: path)
        guard parents.indices.contains(place) else { return create() }
        state = .makingParent(place)
        return [.send(.createParent(parents[place]))]
    }

    private mutating func inspect() -> [Action] {
        state = .inspecting
        return [.send(.data(of: path))]
    }

    private func isMine(_ data: [UInt8], _ status: NodeStatus) -> Bool { status.owner == session && data == document }

    private mutating func judge(_ data: [UInt8], _ status: NodeStatus, _ isOurs: IsOurs) -> [Action] {
        // The creation succeeded although its reply was lost.
        if isMine(data, status) { return succeed() }
        // A persistent node does not belong to any living process.
        if status.owner == 0 || isOurs(data, status.owner) {
            state = .replacing
            return [.send(.replace(path, document))]
        }
        state = .refused
        return [.belongsToStranger(document: data, session: status.owner)]
    }

    private mutating func succeed() -> [Action] {
        state = .registered(session: session)
        // Nothing that happened before the node is read triggers a watch.
        return [.succeeded, .checkSoon]
    }

    private mutating func fail(_ error: ZooKeeperError) -> [Action] {
        state = .pending
        return error.isTransient ? [] : [.failed(error)]
    }
}
