/// The node of one instance that is to be registered, whatever happens to sessions and to the node.
struct PublishedNode: Sendable {
    /// What the registry has to do.
    enum Action: Sendable, Hashable {
        case send(NodeRequest)
        /// Ask for ``PublishedNode/check()`` in a moment.
        case checkSoon
        /// The instance is registered.
        case succeeded
        /// It was registered, and is not any longer.
        case lost(Loss)
        /// It is not, and is not tried any longer unless it was registered before.
        case failed(ZooKeeperError)
        /// The node belongs to somebody else who is alive.
        case belongsToStranger(document: [UInt8], session: Int64)
    }

    /// How it was lost.
    enum Loss: Sendable, Hashable { case deleted, changed, endOfSession }

    /// Who owns a node that is in the way.
    typealias IsOurs = (_ document: [UInt8], _ session: Int64) -> Bool

    private enum State: Hashable {
        /// Nothing is under way; the next session or the next try begins it. → creating
        case pending
        /// → registered, inspecting, makingParent, pending
        case creating
        /// The node above is not there, at the given place of ``NodePaths/parents(of:)``. → creating, pending
        case makingParent(Int)
        /// Somebody has the node; who? → replacing, creating, registered, refused, pending
        case inspecting
        /// → registered, creating, inspecting, pending
        case replacing
        /// → creating, when somebody removes the node; replacing or refused, when somebody changes it; pending
        case registered(session: Int64)
        /// A stranger has the node. → inspecting, when something happens to it; pending
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

    /// Whether the next try has to come from outside.
    var isPending: Bool { state == .pending }

    /// Requests are served, or it is time for another try.
    mutating func start(in session: Int64) -> [Action] {
        // Somebody may have removed it while nobody could tell.
        if state == .registered(session: session) { return [.send(.data(of: path))] }
        self.session = session
        return lose(.endOfSession) + create()
    }

    /// Requests are not served for now.
    mutating func pause() {
        // The replies to what is under way will say so, too; but they may come after the next session's beginning.
        if case .registered = state { return }
        state = .pending
    }

    /// Something has happened to the node a moment ago, or it was made then: is it still as it should be?
    mutating func check() -> [Action] {
        switch state {
        case .registered: [.send(.data(of: path))]
        case .refused: inspect()
        case .pending, .creating, .makingParent, .inspecting, .replacing: []
        }
    }

    /// The reply to the last request. Those to earlier ones do not matter.
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
        // Upwards to the first that is there, then downwards.
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
        // Its creation got through though its answer did not.
        if isMine(data, status) { return succeed() }
        // A node without an owner was left by nobody who lives.
        if status.owner == 0 || isOurs(data, status.owner) {
            state = .replacing
            return [.send(.replace(path, document))]
        }
        state = .refused
        return [.belongsToStranger(document: data, session: status.owner)]
    }

    private mutating func succeed() -> [Action] {
        state = .registered(session: session)
        // Nobody tells what happens to the node before it is looked at.
        return [.succeeded, .checkSoon]
    }

    private mutating func fail(_ error: ZooKeeperError) -> [Action] {
        state = .pending
        return error.isTransient ? [] : [.failed(error)]
    }
}
