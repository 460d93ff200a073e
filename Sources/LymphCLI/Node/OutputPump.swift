internal import Glibc

/// Reads what one process writes, as fast as it can be written on and no faster.
struct OutputPump: Sendable {
    let id: ProcessID
    let output: NodeOutput
    /// The ends of two pipes to read from: standard output and standard error.
    let descriptors: [(Int32, NodeOutput.Stream)]
    /// Called once if nobody reads what we write.
    let onLoss: @Sendable () -> Void

    /// Runs until nobody can write to the pipes any more. Blocks.
    func run() {
        let prefix = output.prefix(of: id)
        var items = descriptors.map { pollfd(fd: $0.0, events: Int16(POLLIN), revents: 0) }
        var buffers = descriptors.map { _ in LineBuffer() }
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        var isLost = false
        while items.contains(where: { $0.fd >= 0 }) {
            guard poll(&items, nfds_t(items.count), -1) > 0 else { continue }
            for index in items.indices where items[index].fd >= 0 && items[index].revents != 0 {
                let count = read(items[index].fd, &bytes, bytes.count)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                let lines =
                    count > 0
                    ? buffers[index].lines(of: bytes[..<count], prefix: prefix) : buffers[index].end(prefix: prefix)
                if !isLost, !lines.isEmpty, !output.write(lines, to: descriptors[index].1) {
                    // The process goes on, and what it writes is thrown away.
                    isLost = true
                    onLoss()
                }
                if count <= 0 {
                    close(items[index].fd)
                    // poll skips it.
                    items[index].fd = -1
                }
            }
        }
    }
}
