/// Where the answers to a request go, and what their headers contain.
struct ReplyAddress: Sendable {
    let id: MessageID
    let route: Route
    let trace: TraceID
    /// The version of the answering interface.
    var version = AnswerVersion.noInterface

    /// - Parameter trace: The trace id, if the request has none.
    init(of request: Message, from peer: Endpoint, trace: @autoclosure () -> TraceID) {
        let headers = request.headers
        id = request.id
        route = headers.features.contains(.sameConnection) ? .back(peer) : .dial(peer)
        self.trace = headers.trace ?? trace()
    }

    /// The address of a request whose headers are unreadable.
    init(id: MessageID, peer: Endpoint, trace: TraceID) {
        self.id = id
        self.trace = trace
        route = .dial(peer)
    }
}
