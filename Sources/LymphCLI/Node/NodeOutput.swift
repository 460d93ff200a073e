internal import Glibc
internal import Lymph
internal import LymphService

/// The destination of the lines of a node and its processes. Lines are written whole, one after the other.
///
/// Neither the node nor a process ever waits for the reader: what a process writes faster than it is read is
/// eventually dropped and counted. It takes no room from the other processes.
final class NodeOutput: Sendable {
    /// Standard output or standard error.
    enum Stream: Sendable { case output, errors }

    /// Yields when the reader is gone.
    let losses: AsyncStream<Void>

    private let output: LineWriter
    private let errors: LineWriter
    private let prefixes: LinePrefixes
    private let sources: [ProcessID: Int]

    /// The size of the queue for a stream: of all processes together, and of one process at least. As much again may
    /// be in the middle of being written.
    private static let (limit, share) = (16 << 20, 256 << 10)

    init(_ ids: [ProcessID], style: Style) {
        let prefixes = LinePrefixes(ids, style: style)
        self.prefixes = prefixes
        // The node itself is source 0.
        sources = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0 + 1) })
        let (losses, lost) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.losses = losses
        let writer = { (descriptor: Int32) in
            LineWriter(
                descriptor: descriptor, sources: ids.count + 1, limit: max(Self.limit / (ids.count + 1), Self.share)
            ) { source, count in
                let subject = source == 0 ? "" : "\(ids[source - 1]) "
                let line = "\(subject)\(count) lines were dropped: they arrived faster than they were read"
                return String(decoding: prefixes.prefix(of: nil), as: UTF8.self) + line.shown
            } onError: { error in
                // A full disk may have room again later, and a stream that was closed from the start is not meant to
                // be read.
                if error == EPIPE || error == EIO { lost.yield() }
            }
        }
        errors = writer(STDERR_FILENO)
        // If both streams go to the same place, they share one queue, which keeps the lines in order.
        output = isSameFile(STDOUT_FILENO, STDERR_FILENO) ? errors : writer(STDOUT_FILENO)
    }

    /// Writes lines of a process.
    func write(_ lines: [UInt8], of id: ProcessID, to stream: Stream) {
        (stream == .output ? output : errors).write(lines, of: sources[id] ?? 0)
    }

    /// Reports something about a process, or about the node itself.
    func say(_ text: String, about id: ProcessID? = nil) {
        let subject = id.map { "\($0) " } ?? ""
        errors.write(prefixes.prefix(of: nil) + Array((subject + text).shown.utf8) + [0x0A])
    }

    func prefix(of id: ProcessID) -> [UInt8] { prefixes.prefix(of: id) }
}

private func isSameFile(_ a: Int32, _ b: Int32) -> Bool {
    var (first, second) = (stat(), stat())
    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev
        && first.st_ino == second.st_ino
}
