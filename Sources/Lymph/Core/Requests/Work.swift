/// A request of a peer that is handled here, and who handles it.
// In one object: it is handed on a few times.
final class Work: ServerRequest {
    let handler: Handler
    let message: Message
    let address: ReplyAddress
    /// Where ``Requests`` keeps it.
    let place: Int
    private let responder: any Responder

    init(
        _ handler: Handler, _ message: Message, _ address: ReplyAddress, _ responder: any Responder, place: Int
    ) {
        self.handler = handler
        self.message = message
        self.address = address
        self.responder = responder
        self.place = place
    }

    var principal: Principal { Principal(address.route.peer) }
    var trace: TraceID { address.trace }

    var answers: any AnswerSink { PeerAnswers(responder: responder, address: address, subject: message.subject) }
}

/// Who sends the answers to peers.
///
/// Its requirements may be called from anywhere; what they are given is sent in the order of the calls.
protocol Responder: AnyObject, Sendable {
    /// Sends an answer, as ``AnswerSink/send(_:_:reason:detail:headers:)``.
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
