public import MessagePack

/// The way back to the caller of a ``RawRPC`` method.
///
/// It may be kept and used after the method has returned. Every answer is sent, as in Python lymph, but a caller
/// takes only the first, also if that is an ACK; pass `unlessReplySent` to avoid sending a second. When the last
/// reference to a channel goes away before anything was answered, the request is answered with NACK. A service that is
/// told to stop doesn't wait for channels that were kept: answer them in ``Interface/stop()-swift.method``, or their
/// callers get a NACK.
///
/// When the caller has given up, nothing is sent any more: see ``isCancelled``.
public actor ReplyChannel {
    private let answers: any AnswerSink
    private let headers: ReplyHeaders
    private var state = State.open

    private enum State {
        /// Nothing was sent. Next: any other.
        case open
        /// Only `error` was sent, which does not count as a reply. Next: `replied`.
        case failed
        /// A reply, ACK or NACK was sent.
        case replied
    }

    init(for request: any ServerRequest) {
        answers = request.answers
        headers = request.replyHeaders
    }

    deinit {
        guard case .open = state else { return }
        let refusal = Refusal(
            .failed, log: "nobody has answered, and nobody keeps the reply channel any more")
        answers.report(refusal)
        answers.send(.nack, [0xc0], reason: refusal.reason, detail: refusal.detail, headers: headers.all)
    }

    /// Whether nobody waits for an answer any more, because the caller has said so, its deadline has passed, or its
    /// connection is gone. What is sent then goes nowhere. A method that has kept the channel asks before it goes on
    /// working; one that still runs has its task cancelled.
    public nonisolated var isCancelled: Bool { answers.isAbandoned }

    /// Adds a header to all later answers. Headers of the framework can't be replaced.
    ///
    /// - Throws: If the value can't be encoded or the name is not allowed; nothing is added then.
    public func addHeader(_ name: String, _ value: Value) throws {
        try headers.set(name, value)
    }

    /// Sends the result. A second call sends a second reply.
    ///
    /// - Throws: If the body can't be encoded; nothing is sent then.
    public func reply(_ body: some Encodable & Sendable) throws {
        send(.reply, try MessagePackEncoder.encode(body))
        state = .replied
    }

    /// Acknowledges the request.
    ///
    /// - Parameter unlessReplySent: Whether to do nothing after a reply, an ACK or a NACK.
    public func ack(unlessReplySent: Bool = false) {
        if unlessReplySent, case .replied = state { return }
        send(.ack, [0xc0])
        state = .replied
    }

    /// Refuses the request.
    ///
    /// - Parameters:
    ///   - unlessReplySent: Whether to do nothing after a reply, an ACK or a NACK.
    ///   - reason: Why. Callers may retry requests that were certainly not executed.
    ///   - detail: What the caller did wrong, for people; truncated to some 400 bytes. Python peers don't see it.
    public func nack(unlessReplySent: Bool = false, reason: NackReason = .failed, detail: String? = nil) {
        if unlessReplySent, case .replied = state { return }
        send(.nack, [0xc0], reason: reason, detail: detail?.shortened)
        state = .replied
    }

    /// Sends an error, which reaches the caller as a ``RemoteError``. It does not count as a reply.
    ///
    /// - Parameters:
    ///   - type: The name of the error's type.
    ///   - message: What it says.
    ///   - data: What else it carries, as a map.
    public func error(type: String, message: String = "", data: Value? = nil) {
        send(RemoteError(type: type, message: message, data: data))
    }

    /// Sends an error with the name of its type, its description, and its properties if it is `Encodable`.
    public func error(_ error: some Error) {
        send(RemoteError(describing: error))
    }

    /// Sends the answer for a method that threw, unless there was a reply.
    func fail(_ answer: Answer) {
        switch answer {
        case .error(let error):
            if case .replied = state { return }
            send(error)
        case .nack(let refusal):
            answers.report(refusal)
            nack(unlessReplySent: true, reason: refusal.reason, detail: refusal.detail)
        case .reply, .channel:
            break
        }
    }

    private func send(_ error: RemoteError) {
        send(.error, error.body)
        if case .open = state { state = .failed }
    }

    private func send(_ kind: MessageKind, _ body: [UInt8], reason: NackReason? = nil, detail: String? = nil) {
        answers.send(kind, body, reason: reason, detail: detail, headers: headers.all)
    }
}
