/// The removal of a registered node. It is only deleted if it is still ours.
struct Withdrawal: Sendable {
    enum Action: Sendable, Hashable {
        case send(NodeRequest)
        /// The node is gone, or belongs to somebody else.
        case finished
        /// The outcome is unknown; the removal can be retried as long as the session lasts.
        case interrupted
    }

    let path: String
    /// The session that the node belongs to. When the session ends, so does the node.
    let session: Int64?
    /// Distinguishes replies to this removal from those to an earlier one.
    let number: Int

    /// Whether the next attempt has to be triggered from outside.
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
