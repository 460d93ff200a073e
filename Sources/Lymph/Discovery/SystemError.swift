internal import Glibc

/// A system call that failed.
struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The error number, from `errno.h`.
    let code: Int32

    /// What was tried, such as `open /tmp/file`.
    let operation: String

    /// The system's text for the code.
    var reason: String { String(cString: strerror(code)) }

    /// The operation and the system's text for the code.
    var description: String { "\(operation): \(reason)" }

    /// Runs a system call that returns -1 on failure, again if a signal interrupted it.
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

/// An open file that is closed when the last reference to it goes.
package final class FileDescriptor {
    package let number: Int32

    /// Takes over an open file descriptor.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// What is open here.
    func status() throws(SystemError) -> stat {
        var status = stat()
        try SystemError.check("fstat") { Int(fstat(number, &status)) }
        return status
    }
}

/// Which file it is, whatever its names are.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension stat {
    /// The bits that tell the type of the file.
    var type: mode_t { st_mode & S_IFMT }
}
