internal import Glibc

/// Reads the output of one process as it arrives, so that the process never waits for the reader of the node's
/// output.
struct OutputPump: Sendable {
    let id: ProcessID
    let output: NodeOutput
    /// The read ends of two pipes: standard output and standard error.
    let descriptors: [(Int32, NodeOutput.Stream)]

    /// Runs until nobody can write to the pipes any more. Blocks the thread.
    func run() {
        let prefix = output.prefix(of: id)
        var items = descriptors.map { pollfd(fd: $0.0, events: Int16(POLLIN), revents: 0) }
        var buffers = descriptors.map { _ in LineBuffer() }
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        while items.contains(where: { $0.fd >= 0 }) {
            guard poll(&items, nfds_t(items.count), -1) > 0 else { continue }
            for index in items.indices where items[index].fd >= 0 && items[index].revents != 0 {
                let count = read(items[index].fd, &bytes, bytes.count)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                let lines =
                    count > 0
                    ? buffers[index].lines(of: bytes[..<count], prefix: prefix) : buffers[index].end(prefix: prefix)
                if !lines.isEmpty { output.write(lines, of: id, to: descriptors[index].1) }
                if count <= 0 {
                    close(items[index].fd)
                    // poll skips negative descriptors.
                    items[index].fd = -1
                }
            }
        }
    }
}
