internal import Synchronization

/// What a reply channel and the poller know of each other: whether the channel has answered, and whether anybody still
/// waits for that. It outlives the request, and doesn't retain the arguments.
final class OpenChannel: Sendable {
    let address: ReplyAddress
    /// The method, as `interface.method`.
    let subject: String
    /// The place of its request in the ``RequestTable``.
    let place: Int
    private let answered = Atomic<Bool>(false)
    private let abandoned = Atomic<Bool>(false)

    init(_ address: ReplyAddress, subject: String, place: Int) {
        self.address = address
        self.subject = subject
        self.place = place
    }

    /// Whether an answer was sent.
    var isAnswered: Bool { answered.load(ordering: .relaxed) }

    /// Whether nobody waits for an answer any more.
    var isAbandoned: Bool { abandoned.load(ordering: .relaxed) }

    func answer() { answered.store(true, ordering: .relaxed) }

    func abandon() { abandoned.store(true, ordering: .relaxed) }
}
