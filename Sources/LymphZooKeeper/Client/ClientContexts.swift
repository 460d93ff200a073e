internal import CZooKeeper

/// Receives a client's events. It is called on the client's completion thread, so it only passes them on.
typealias ClientSink = @Sendable (ClientEvent) -> Void

/// The context that the library passes back with events of a session and of nodes.
final class WatchContext: Sendable {
    let sink: ClientSink

    init(_ sink: @escaping ClientSink) { self.sink = sink }

    static func from(_ pointer: UnsafeMutableRawPointer?) -> WatchContext? {
        // Unretained: the handle keeps the object alive until the library's threads have ended.
        unsafe pointer.map { unsafe Unmanaged<WatchContext>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// The context that the library passes back with the reply to a request.
///
/// The handle keeps it alive until the reply has gone through the sink. Because the library loses some replies when
/// it is closed, the handle otherwise keeps it until the library's threads have ended.
@safe final class RequestContext: @unchecked Sendable {  // Its memory is the library's until the reply arrives.
    let number: Int
    private let sink: ClientSink
    /// Where the library writes the results of the two steps of a replacement.
    private(set) var results: UnsafeMutablePointer<zoo_op_result_t>?

    init(number: Int, sink: @escaping ClientSink) {
        self.number = number
        self.sink = sink
    }

    deinit { unsafe results?.deallocate() }

    /// Allocates room for the results of two steps.
    func makeResults() -> UnsafeMutablePointer<zoo_op_result_t> {
        let results = UnsafeMutablePointer<zoo_op_result_t>.allocate(capacity: 2)
        unsafe results.initialize(repeating: zoo_op_result_t(), count: 2)
        unsafe self.results = unsafe results
        return unsafe results
    }

    /// Passes the reply on.
    static func reply(to pointer: UnsafeRawPointer?, _ code: Int32, _ reply: @autoclosure () -> NodeReply) {
        guard let pointer = unsafe pointer else { return }
        // Unretained: see above. The reference taken here outlives the handle's, which may be released as soon as the
        // sink is called.
        let context = unsafe Unmanaged<RequestContext>.fromOpaque(pointer).takeUnretainedValue()
        context.sink(.reply(context.number, code == 0 ? .success(reply()) : .failure(ZooKeeperError(code: code))))
    }
}
