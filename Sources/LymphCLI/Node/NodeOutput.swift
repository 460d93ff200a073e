internal import Dispatch
internal import Glibc
internal import ZeroMQ

/// Where the lines of a node and of its processes go. Lines are written whole, one after the other.
final class NodeOutput: Sendable {
    /// Standard output or standard error.
    enum Stream: Sendable { case output, errors }

    private let lock = Lock(())
    private let messages = DispatchQueue(label: "lymph-node-messages")
    private let prefixes: LinePrefixes

    init(prefixes: LinePrefixes) {
        self.prefixes = prefixes
    }

    /// Writes lines of a process, and returns when they are written: who writes more than is read has to wait.
    ///
    /// - Returns: False if nobody reads any more.
    func write(_ lines: [UInt8], to stream: Stream) -> Bool {
        lock.withLock { _ in writeAll(lines, to: stream == .output ? STDOUT_FILENO : STDERR_FILENO) }
    }

    /// Says something about a process, or about the node itself. Never waits.
    func say(_ text: String, about id: ProcessID? = nil) {
        let subject = id.map { "\($0) " } ?? ""
        let line = prefixes.prefix(of: nil) + Array("\(subject)\(text)\n".utf8)
        messages.async { _ = self.write(line, to: .errors) }
    }

    func prefix(of id: ProcessID) -> [UInt8] { prefixes.prefix(of: id) }

    /// Waits until what was said is written, but not for long: nobody may be reading.
    func flush() {
        let group = DispatchGroup()
        messages.async(group: group) {}
        _ = group.wait(timeout: .now() + .seconds(1))
    }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
            // Somebody made the terminal, which we share, non-blocking.
            var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&item, 1, -1)
        } else if errno != EINTR {
            return false
        }
    }
    return true
}
