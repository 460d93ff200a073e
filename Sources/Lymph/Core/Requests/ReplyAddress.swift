internal import ZeroMQ

/// Where the answers to a request go, what their headers contain, and until when they are wanted.
struct ReplyAddress: Sendable {
    let id: MessageID
    let route: Route
    let trace: TraceID
    /// When the caller gives up; nil if it doesn't say.
    let deadline: Instant?
    /// The version of the answering interface.
    var version = AnswerVersion.noInterface
    /// Whether the answer tells the age of this process, as the answer to a ping does.
    var tellsAge = false

    /// - Parameter trace: The trace id, if the request has none.
    init(of request: Message, from peer: Endpoint, trace: @autoclosure () -> TraceID, at now: Instant) {
        let headers = request.headers
        id = request.id
        // What came encrypted is answered on the same connection: nothing of it is ever sent in plain.
        route = peer.key != nil || headers.features.contains(.sameConnection) ? .back(peer) : .dial(peer)
        self.trace = headers.trace ?? trace()
        deadline = headers.timeout?.deadline(after: now)
    }

    /// The address of a request whose headers are unreadable.
    init(id: MessageID, peer: Endpoint, trace: TraceID) {
        self.id = id
        self.trace = trace
        deadline = nil
        route = peer.key == nil ? .dial(peer) : .back(peer)
    }
}
