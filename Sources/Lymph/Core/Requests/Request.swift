/// A request as a method gets it, whoever made it and however it came.
protocol ServerRequest: AnyObject, Sendable {
    /// The method, the headers and the arguments.
    var message: Message { get }

    /// Who sent it.
    var principal: Principal { get }

    /// What the request belongs to.
    var trace: TraceID { get }

    /// Where the answers of a method go that answers for itself. They may outlive the request, and don't keep its arguments.
    var answers: any AnswerSink { get }
}

/// Where the answers to one request go.
///
/// Its requirements may be called from anywhere; what they are given is sent in the order of the calls.
protocol AnswerSink: Sendable {
    /// Sends an answer.
    ///
    /// - Parameters:
    ///   - reason: Why the request is refused, for a NACK.
    ///   - detail: What the caller did wrong, for a NACK.
    ///   - headers: Encoded headers of the method's.
    func send(_ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]])

    /// Logs that the request failed.
    func report(_ refusal: Refusal)
}
