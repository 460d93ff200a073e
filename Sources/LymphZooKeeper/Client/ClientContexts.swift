internal import CZooKeeper

/// Where a client's events go. It is called on the client's completion thread, so it only passes them on.
typealias ClientSink = @Sendable (ClientEvent) -> Void

/// What the library hands back with the events of a session and of nodes.
final class WatchContext: Sendable {
    let sink: ClientSink

    init(_ sink: @escaping ClientSink) { self.sink = sink }

    static func from(_ pointer: UnsafeMutableRawPointer?) -> WatchContext? {
        // Unretained: the handle keeps the object until the library's threads have ended.
        unsafe pointer.map { unsafe Unmanaged<WatchContext>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// What the library hands back with the reply to a request.
///
/// The handle keeps it from the request until the reply has come through the sink, or, since the library forgets some
/// replies when it is closed, until its threads have ended.
@safe final class RequestContext: @unchecked Sendable {  // Its memory is the library's until the reply is there.
    let number: Int
    private let sink: ClientSink
    /// Where the library puts the results of a replacement's two steps.
    private(set) var results: UnsafeMutablePointer<zoo_op_result_t>?

    init(number: Int, sink: @escaping ClientSink) {
        self.number = number
        self.sink = sink
    }

    deinit { unsafe results?.deallocate() }

    /// Makes room for the results of two steps.
    func makeResults() -> UnsafeMutablePointer<zoo_op_result_t> {
        let results = UnsafeMutablePointer<zoo_op_result_t>.allocate(capacity: 2)
        unsafe results.initialize(repeating: zoo_op_result_t(), count: 2)
        unsafe self.results = unsafe results
        return unsafe results
    }

    /// Passes the reply on.
    static func reply(to pointer: UnsafeRawPointer?, _ code: Int32, _ reply: @autoclosure () -> NodeReply) {
        guard let pointer = unsafe pointer else { return }
        // Unretained: see above. The reference taken here outlasts the handle's, which may go as soon as the sink is
        // called.
        let context = unsafe Unmanaged<RequestContext>.fromOpaque(pointer).takeUnretainedValue()
        context.sink(.reply(context.number, code == 0 ? .success(reply()) : .failure(ZooKeeperError(code: code))))
    }
}
