internal import Glibc

/// A failed system call.
struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The error number, from `errno.h`.
    let code: Int32

    /// What was tried, such as `open /tmp/file`.
    let operation: String

    /// The system's text for the code.
    var reason: String { String(cString: strerror(code)) }

    /// The operation and the system's text for the code.
    var description: String { "\(operation): \(reason)" }

    /// Runs a system call that returns -1 on failure; repeats it if a signal interrupted it.
    ///
    /// `errno` is read before anything else can change it.
    @discardableResult
    static func check(
        _ operation: @autoclosure () -> String, _ body: () -> Int
    ) throws(SystemError) -> Int {
        while true {
            let result = body()
            if result != -1 { return result }
            let code = errno
            if code != EINTR { throw SystemError(code: code, operation: operation()) }
        }
    }
}
