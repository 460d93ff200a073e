internal import CZeroMQ
internal import Glibc

/// A failed libzmq call: which function, with which error number.
package struct ZMQError: Error, Hashable, CustomStringConvertible {
    /// The error number, from `errno.h` or one of libzmq's own.
    package let code: Int32

    /// The C function that failed.
    package let function: StaticString

    /// What the call was about, such as the endpoint; for the reader of the message.
    package let subject: String

    package init(code: Int32, function: StaticString, subject: String = "") {
        self.code = code
        self.function = function
        self.subject = subject
    }

    /// The message: function, subject, and libzmq's text for the code.
    package var description: String {
        let text = unsafe String(cString: zmq_strerror(code))
        if isOutOfDescriptors {
            let limit = "\(Descriptors.limit) descriptors are allowed, see ulimit -n"
            // Without a subject the error comes from libzmq, which doesn't tell which of its limits was hit.
            return subject.isEmpty
                ? "\(text) (\(function); \(limit), or \(Context.maxSockets) sockets)"
                : "\(text) (\(subject); \(limit))"
        }
        return subject.isEmpty ? "\(function): \(text)" : "\(function) \(subject): \(text)"
    }

    /// Whether the address is in use by another socket.
    package var isAddressInUse: Bool { code == EADDRINUSE }

    package static func == (a: ZMQError, b: ZMQError) -> Bool {
        a.code == b.code && a.function.description == b.function.description && a.subject == b.subject
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

/// The result of a non-blocking call.
package enum Attempt: Sendable {
    /// It was done.
    case done
    /// It would have had to wait; nothing was done.
    case wouldBlock
}

/// Runs a libzmq call that returns -1 on failure; repeats it when a signal interrupts it.
///
/// Every return code of libzmq passes through here, so that `errno` is read before anything else can change it.
@discardableResult
func check(
    _ function: StaticString, _ subject: @autoclosure () -> String = "", _ body: () -> Int32
) throws(ZMQError) -> Int32 {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = zmq_errno()
        if code == EINTR { continue }
        throw ZMQError(code: code, function: function, subject: subject())
    }
}

/// Like ``check(_:_:_:)``, for a non-blocking call: `EAGAIN` is a result, not a failure.
func attempt(_ function: StaticString, _ body: () -> Int32) throws(ZMQError) -> Attempt {
    while true {
        if body() != -1 { return .done }
        let code = zmq_errno()
        switch code {
        case EINTR: continue
        case EAGAIN: return .wouldBlock
        default: throw ZMQError(code: code, function: function)
        }
    }
}
