internal import CZeroMQ

/// A libzmq context: the I/O threads and the limits that its sockets share.
///
/// Confined to the thread that creates and closes its sockets.
@safe package final class Context {
    let raw: UnsafeMutableRawPointer

    /// Descriptors for the threads that start with the first socket. libzmq ends the process if it gets none.
    var descriptorsToStart: Int

    /// How many sockets a context holds by default. libzmq's own 1023 are too few for a large fleet.
    package static let maxSockets = 16_384

    /// Creates a context.
    ///
    /// - Parameters:
    ///   - ioThreads: How many threads move bytes; one is enough below four cores.
    ///   - maxSockets: The most sockets the context can hold.
    package init(ioThreads: Int32 = 1, maxSockets: Int32 = Int32(Context.maxSockets)) throws(ZMQError) {
        descriptorsToStart = 2 + 2 * Int(max(ioThreads, 0))
        try Descriptors.require(1 + descriptorsToStart, for: "zmq_ctx_new")
        guard let raw = unsafe zmq_ctx_new() else {
            throw ZMQError(code: zmq_errno(), function: "zmq_ctx_new")
        }
        unsafe self.raw = raw
        do throws(ZMQError) {
            try check("zmq_ctx_set") { unsafe zmq_ctx_set(raw, ZMQ_IO_THREADS, ioThreads) }
            try check("zmq_ctx_set") { unsafe zmq_ctx_set(raw, ZMQ_MAX_SOCKETS, maxSockets) }
            // New sockets start with LINGER 0, so that a forgotten one can't hold up `terminate()` for ever.
            try check("zmq_ctx_set") { unsafe zmq_ctx_set(raw, ZMQ_BLOCKY, 0) }
        } catch {
            terminate()
            throw error
        }
    }

    /// Ends the context, after waiting at most for the longest linger among its sockets. Close every socket first.
    package func terminate() {
        while unsafe zmq_ctx_term(raw) == -1 && zmq_errno() == EINTR {}
    }
}
