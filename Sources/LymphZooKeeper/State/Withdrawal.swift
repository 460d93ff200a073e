/// The removal of a node that was registered. It is only removed if it is still ours.
struct Withdrawal: Sendable {
    enum Action: Sendable, Hashable {
        case send(NodeRequest)
        /// The node is gone, or is somebody else's.
        case finished
        /// Nobody knows; it can be tried again as long as the session lasts.
        case interrupted
    }

    let path: String
    /// The session that the node belongs to. When it is over, so is the node.
    let session: Int64?
    /// Tells the replies to this removal from those to an earlier one.
    let number: Int

    /// Whether the next try has to come from outside.
    private(set) var isPending = true
    private var isDeleting = false

    init(path: String, session: Int64?, number: Int) {
        self.path = path
        self.session = session
        self.number = number
    }

    mutating func start() -> Action {
        isDeleting = false
        isPending = false
        return .send(.find(path, watch: false))
    }

    mutating func handle(_ result: NodeResult, isOurs: (_ session: Int64) -> Bool) -> Action {
        switch result {
        case .success(.found(let status)) where !isDeleting && isOurs(status.owner):
            isDeleting = true
            return .send(.delete(path))
        case .failure(let error) where error.isTransient:
            isPending = true
            return .interrupted
        default:
            return .finished
        }
    }
}
