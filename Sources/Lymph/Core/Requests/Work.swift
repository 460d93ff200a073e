internal import Synchronization
internal import ZeroMQ

/// A peer's request together with its handler.
// A class, because it is passed on several times.
final class Work: ServerRequest {
    let handler: Handler
    let message: Message
    let address: ReplyAddress
    /// The place in the ``RequestTable``.
    let place: Int
    private let responder: any Responder
    private let lazyReplyHeaders = AtomicLazyReference<ReplyHeaders>()
    private let lazyChannel = AtomicLazyReference<OpenChannel>()
    // Looked at for every answer, because it costs less than the reference.
    private let hasReplyHeaders = Atomic<Bool>(false)
    private let stage = Atomic<Stage>(.waiting)

    /// Whether the method has begun, which its task and the poller must agree on.
    private enum Stage: UInt8, AtomicRepresentable {
        /// Next: `begun`, `dropped`.
        case waiting
        case begun
        /// It never begins.
        case dropped
    }

    init(
        _ handler: Handler, _ message: Message, _ address: ReplyAddress, _ responder: any Responder, place: Int
    ) {
        self.handler = handler
        self.message = message
        self.address = address
        self.responder = responder
        self.place = place
    }

    // What the transport knows of the sender comes with the message, and may be more than the address.
    var peer: Peer { message.sender ?? Peer(address.route.peer) }
    var trace: TraceID { address.trace }
    var deadline: Deadline? { address.deadline.map { Deadline($0, by: responder.time) } }

    func begin() throws(Refusal) {
        guard !stage.compareExchange(expected: .waiting, desired: .begun, ordering: .relaxed).exchanged else { return }
        throw .expired
    }

    /// Nobody waits for the answer any more.
    ///
    /// - Returns: Whether the method has not begun, and never will.
    func drop() -> Bool { stage.compareExchange(expected: .waiting, desired: .dropped, ordering: .relaxed).exchanged }

    var replyHeaders: ReplyHeaders {
        defer { hasReplyHeaders.store(true, ordering: .releasing) }
        return lazyReplyHeaders.load() ?? lazyReplyHeaders.storeIfNil(ReplyHeaders())
    }

    /// The headers that the method has added to its answer, encoded.
    var ownHeaders: [String: [UInt8]] { hasReplyHeaders.load(ordering: .acquiring) ? replyHeaders.all : [:] }

    /// What the method's reply channel shares with the poller; nil if the method has none.
    var channel: OpenChannel? { lazyChannel.load() }

    var answers: any AnswerSink {
        let channel =
            lazyChannel.load()
            ?? lazyChannel.storeIfNil(OpenChannel(address, subject: message.subject, place: place))
        return PeerAnswers(responder: responder, channel: channel)
    }
}

extension Refusal {
    /// The refusal of a request whose caller has given up.
    static var expired: Refusal { Refusal(.expired, "the deadline has passed before the method could begin") }
}

/// Sends answers to peers.
///
/// Its methods may be called on any thread. Answers are sent in the order of the calls.
protocol Responder: AnyObject, Sendable {
    /// Sends an answer; see ``AnswerSink/send(_:_:reason:detail:headers:)``.
    func send(
        _ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]],
        over channel: OpenChannel)

    /// Logs that a request failed.
    func report(_ refusal: Refusal, of subject: String, to address: ReplyAddress)

    /// The time that deadlines are measured by.
    var time: any TimeSource { get }
}

private struct PeerAnswers: AnswerSink {
    let responder: any Responder
    let channel: OpenChannel

    func send(_ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]]) {
        responder.send(kind, body, reason: reason, detail: detail, headers: headers, over: channel)
    }

    func report(_ refusal: Refusal) { responder.report(refusal, of: channel.subject, to: channel.address) }

    var isAbandoned: Bool { channel.isAbandoned }
}
