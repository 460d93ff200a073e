internal import ZeroMQ

/// Wraps a request to record whether and how it was answered through a reply channel.
final class ObservedRequest: ServerRequest {
    private let request: any ServerRequest
    private let sent = Lock<MessageKind?>(nil)

    init(_ request: any ServerRequest) { self.request = request }

    var message: Message { request.message }
    var peer: Peer { request.peer }
    var trace: TraceID { request.trace }
    var deadline: Deadline? { request.deadline }
    var replyHeaders: ReplyHeaders { request.replyHeaders }
    var answers: any AnswerSink { ObservedAnswers(sink: request.answers, request: self) }

    func begin() throws(Refusal) { try request.begin() }

    /// The kind of the first answer; nil if there is none yet.
    var first: MessageKind? { sent.withLock(\.self) }

    fileprivate func note(_ kind: MessageKind) { sent.withLock { $0 = $0 ?? kind } }
}

private struct ObservedAnswers: AnswerSink {
    let sink: any AnswerSink
    let request: ObservedRequest

    func send(_ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]]) {
        request.note(kind)
        sink.send(kind, body, reason: reason, detail: detail, headers: headers)
    }

    func report(_ refusal: Refusal) { sink.report(refusal) }
    var isAbandoned: Bool { sink.isAbandoned }
}
