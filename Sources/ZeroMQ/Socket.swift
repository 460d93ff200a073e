internal import CZeroMQ

/// A libzmq socket. Never shared: it is created, used and closed on the ``PollThread`` that owns it.
@safe package final class Socket {
    let raw: UnsafeMutableRawPointer
    private var isClosed = false

    /// The socket's registration in a ``PollSet``, which must be told of every use: any call into libzmq may consume
    /// the notification on the socket's descriptor.
    var registration: PollSet.Registration?

    /// Creates a socket with LINGER 0, so that closing it never waits and it does not outlive `context`.
    package init(_ kind: SocketKind, in context: Context) throws(ZMQError) {
        try Descriptors.require(1 + context.descriptorsToStart, for: "zmq_socket")
        guard let raw = unsafe zmq_socket(context.raw, kind.raw) else {
            throw ZMQError(code: zmq_errno(), function: "zmq_socket")
        }
        context.descriptorsToStart = 0
        unsafe self.raw = raw
        try set(.linger, 0)
    }

    deinit { close() }

    /// Closes the socket. Closing twice does nothing.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        registration = nil
        unsafe zmq_close(raw)
    }

    package func bind(_ endpoint: String) throws(ZMQError) {
        // One for the listener, and one that libzmq opens briefly to resolve an interface name.
        try Descriptors.require(2, for: "zmq_bind")
        try check("zmq_bind", endpoint) { unsafe zmq_bind(raw, endpoint) }
    }

    package func connect(_ endpoint: String) throws(ZMQError) {
        registration?.used()
        try check("zmq_connect", endpoint) { unsafe zmq_connect(raw, endpoint) }
    }

    /// Ends a connection that ``connect(_:)`` made to the same endpoint text.
    package func disconnect(_ endpoint: String) throws(ZMQError) {
        try check("zmq_disconnect", endpoint) { unsafe zmq_disconnect(raw, endpoint) }
    }

    /// Receives the next message, if there is one.
    package func receive(into message: Multipart) throws(ZMQError) -> Attempt {
        try message.receive(from: self)
    }

    /// Receives one frame, if there is one.
    package func receive(into message: inout Message) throws(ZMQError) -> Attempt {
        let attempt = try attempt("zmq_msg_recv") { unsafe zmq_msg_recv(&message.raw, raw, ZMQ_DONTWAIT) }
        registration?.received(attempt)
        return attempt
    }

    /// Sends one frame, if that is possible at once; `more` says that further frames of the same message follow.
    ///
    /// `message` is empty afterwards if it was sent. `wouldBlock` on the first frame of a message means that nothing
    /// of it was sent. On a later frame it means that the connection broke in between: keep sending the remaining
    /// frames, which libzmq drops, or the next message would be swallowed as their end.
    package func send(_ message: inout Message, more: Bool) throws(ZMQError) -> Attempt {
        registration?.used()
        let flags = more ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT
        return try attempt("zmq_msg_send") { unsafe zmq_msg_send(&message.raw, raw, flags) }
    }

    /// Ends a message whose remaining frames can't be made. Otherwise the next message would be swallowed as its end.
    package func endMessage() {
        var empty = Message()
        _ = try? send(&empty, more: false)
    }

    /// What the socket can do without waiting.
    package func readiness() throws(ZMQError) -> Readiness {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        try check("zmq_getsockopt") { unsafe zmq_getsockopt(raw, ZMQ_EVENTS, &value, &size) }
        return Readiness(rawValue: Int16(truncatingIfNeeded: value))
    }

    /// The descriptor that becomes readable when something happens to the socket; ``readiness()`` tells what.
    var descriptor: Int32 {
        var value: Int32 = -1
        var size = MemoryLayout<Int32>.size
        unsafe zmq_getsockopt(raw, ZMQ_FD, &value, &size)
        return value
    }

    package func set(_ option: SocketOption<Int32>, _ value: Int32) throws(ZMQError) {
        try check("zmq_setsockopt", "\(option.raw)") {
            unsafe withUnsafeBytes(of: value) { unsafe zmq_setsockopt(raw, option.raw, $0.baseAddress, $0.count) }
        }
    }

    package func set(_ option: SocketOption<Int64>, _ value: Int64) throws(ZMQError) {
        try check("zmq_setsockopt", "\(option.raw)") {
            unsafe withUnsafeBytes(of: value) { unsafe zmq_setsockopt(raw, option.raw, $0.baseAddress, $0.count) }
        }
    }

    package func set(_ option: SocketOption<String>, _ value: String) throws(ZMQError) {
        var value = value
        try check("zmq_setsockopt", "\(option.raw)") {
            value.withUTF8 { unsafe zmq_setsockopt(raw, option.raw, $0.baseAddress, $0.count) }
        }
    }

    /// The value of a text option, without libzmq's terminating NUL.
    package func get(_ option: SocketOption<String>) throws(ZMQError) -> String {
        var size = 0
        var buffer = [UInt8](repeating: 0, count: 256)
        try check("zmq_getsockopt", "\(option.raw)") {
            size = buffer.count
            return unsafe buffer.withUnsafeMutableBytes {
                unsafe zmq_getsockopt(raw, option.raw, $0.baseAddress, &size)
            }
        }
        let text = buffer[..<min(size, buffer.count)]
        return String(decoding: text.last == 0 ? text.dropLast() : text, as: UTF8.self)
    }
}
