internal import Synchronization

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
    // Looked at for every answer, because it costs less than the reference.
    private let hasReplyHeaders = Atomic<Bool>(false)

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
    var principal: Principal { message.sender ?? Principal(address.route.peer) }
    var trace: TraceID { address.trace }

    var replyHeaders: ReplyHeaders {
        defer { hasReplyHeaders.store(true, ordering: .releasing) }
        return lazyReplyHeaders.load() ?? lazyReplyHeaders.storeIfNil(ReplyHeaders())
    }

    /// The headers that the method has added to its answer, encoded.
    var ownHeaders: [String: [UInt8]] { hasReplyHeaders.load(ordering: .acquiring) ? replyHeaders.all : [:] }

    var answers: any AnswerSink { PeerAnswers(responder: responder, address: address, subject: message.subject) }
}

/// Sends answers to peers.
///
/// Its methods may be called on any thread. Answers are sent in the order of the calls.
protocol Responder: AnyObject, Sendable {
    /// Sends an answer; see ``AnswerSink/send(_:_:reason:detail:headers:)``.
    func send(
        _ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]],
        to address: ReplyAddress)

    /// Logs that a request failed.
    func report(_ refusal: Refusal, of subject: String, to address: ReplyAddress)
}

private struct PeerAnswers: AnswerSink {
    let responder: any Responder
    let address: ReplyAddress
    let subject: String

    func send(_ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]]) {
        responder.send(kind, body, reason: reason, detail: detail, headers: headers, to: address)
    }

    func report(_ refusal: Refusal) { responder.report(refusal, of: subject, to: address) }
}
