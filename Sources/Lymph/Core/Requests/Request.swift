/// A request as a method gets it.
struct ServerRequest: Sendable {
    let message: Message
    let address: ReplyAddress
    /// Takes the answers.
    let responder: any Responder
}

/// Who sends the answers of methods.
///
/// Its requirements may be called from anywhere; what they are given is sent in the order of the calls.
protocol Responder: AnyObject, Sendable {
    /// Sends an answer.
    ///
    /// - Parameters:
    ///   - reason: Why the request is refused, for a NACK.
    ///   - detail: What the caller did wrong, for a NACK.
    ///   - headers: Encoded headers of the method's.
    func send(
        _ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]],
        to address: ReplyAddress)

    /// Logs that a request failed.
    func report(_ refusal: Refusal, of subject: String, to address: ReplyAddress)
}

/// A request that is handled here, and who handles it.
// In one object: it is handed on a few times.
final class Work: Sendable {
    let handler: Handler
    let request: ServerRequest
    /// Where ``Requests`` keeps it.
    let place: Int

    init(_ handler: Handler, _ request: ServerRequest, place: Int) {
        self.handler = handler
        self.request = request
        self.place = place
    }
}
