internal import Glibc

/// Where lines are written: a descriptor that others may share, or a file of our own that can be reopened.
struct OutputFile: Sendable {
    let descriptor: Int32
    /// The path of a file of our own.
    let path: String?

    init(descriptor: Int32) {
        self.descriptor = descriptor
        path = nil
    }

    /// Opens a file for appending, and creates it if it doesn't exist.
    init(path: String) throws(LogOutput.Failure) {
        descriptor = try Self.open(path)
        self.path = path
    }

    /// Reopens the file under its path, for programs that move log files away. The descriptor number stays the same.
    func reopen() throws(LogOutput.Failure) {
        guard let path else { return }
        let new = try Self.open(path)
        dup2(new, descriptor)
        close(new)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Non-blocking: opening a named pipe would otherwise wait for a reader. Writing won't block either; no other
    /// process shares this open file description.
    private static func open(_ path: String) throws(LogOutput.Failure) -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else {
            let reason = errno == ENXIO ? "nobody has it open for reading" : String(cString: strerror(errno))
            throw LogOutput.Failure(description: "the log file \(path) can't be opened: \(reason)")
        }
        return descriptor
    }

    /// Writes all bytes. While there is no room for them, it waits as long as `isPatient` returns true, which it
    /// checks ten times a second, unless the descriptor is blocking.
    ///
    /// - Parameter bytes: On return, what was not written.
    /// - Returns: Nil if everything was written, or the error; `EAGAIN` if patience ran out.
    func write(_ bytes: inout ArraySlice<UInt8>, while isPatient: () -> Bool) -> Int32? {
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EAGAIN {
                guard isPatient() else { return EAGAIN }
                var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&item, 1, 100)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
