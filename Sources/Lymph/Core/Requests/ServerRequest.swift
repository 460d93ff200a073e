/// A request as a method gets it, independent of its origin.
protocol ServerRequest: TracedRequest {
    /// The method, the headers and the arguments.
    var message: Message { get }

    /// The sender.
    var peer: Peer { get }

    /// The headers that its answers will have. Made when it is first asked for.
    var replyHeaders: ReplyHeaders { get }

    /// The method is about to run, on its interface's actor.
    ///
    /// - Throws: A refusal if that is too late, because nobody waits for the answer any more.
    func begin() throws(Refusal)

    /// Where a method that answers for itself sends its answers. It may outlive the request, and doesn't retain the
    /// arguments.
    var answers: any AnswerSink { get }
}

/// Where the answers to one request go.
///
/// Its methods may be called on any thread. Answers are sent in the order of the calls.
protocol AnswerSink: Sendable {
    /// Sends an answer.
    ///
    /// - Parameters:
    ///   - reason: The reason of a NACK.
    ///   - detail: What the caller is told besides the reason of a NACK.
    ///   - headers: The method's own headers, encoded.
    func send(_ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]])

    /// Logs that the request failed.
    func report(_ refusal: Refusal)

    /// Whether nobody waits for an answer any more, so that none is sent.
    var isAbandoned: Bool { get }
}
