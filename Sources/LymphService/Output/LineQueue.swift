/// Lines that wait to be written, with a limit in bytes for each source. When a source has no room left, its newest
/// lines are dropped and counted.
///
/// All lines are in one array, so a line costs no memory besides its bytes, and limiting these is enough.
struct LineQueue: Sendable {
    /// A number of dropped lines of one source.
    struct Gap: Sendable, Hashable {
        let source: Int
        let lines: Int
    }

    private struct Share {
        var bytes = 0
        var dropped = 0
    }

    private var bytes: [UInt8] = []
    private var shares: [Share]
    private var lost = 0
    private let limit: Int

    /// - Parameters:
    ///   - sources: The number of sources. One that writes too much takes no room from the others.
    ///   - limit: How many bytes may be queued for each source.
    init(sources: Int, limit: Int) {
        shares = Array(repeating: Share(), count: sources)
        self.limit = limit
    }

    /// Whether nothing waits.
    var isEmpty: Bool { bytes.isEmpty }

    /// Adds a line, and terminates it.
    mutating func append(_ line: String, of source: Int) {
        guard reserve(line.utf8.count + 1, of: source) else { return shares[source].dropped += 1 }
        bytes += line.utf8
        bytes.append(newline)
    }

    /// Adds bytes, usually whole lines, or drops all of them.
    mutating func append(_ lines: [UInt8], of source: Int) {
        guard reserve(lines.count, of: source) else { return shares[source].dropped += lines.count { $0 == newline } }
        bytes += lines
    }

    /// Counts lines that were taken but could not be written.
    mutating func lose(_ lines: Int) { lost += lines }

    /// Takes everything that is queued.
    ///
    /// - Parameter batch: An empty array whose memory is reused for the queue.
    /// - Returns: How many lines are missing before the taken ones, and the gaps after them. Once a line of a source
    ///   is dropped, the source's further lines are dropped until this is called, so gaps are always at the end.
    mutating func take(into batch: inout [UInt8]) -> (lost: Int, gaps: [Gap]) {
        swap(&bytes, &batch)
        let gaps = shares.indices.filter { shares[$0].dropped > 0 }.map { Gap(source: $0, lines: shares[$0].dropped) }
        for index in shares.indices { shares[index] = Share() }
        defer { lost = 0 }
        return (lost, gaps)
    }

    private mutating func reserve(_ count: Int, of source: Int) -> Bool {
        // A line larger than the limit is accepted when nothing else of its source is queued, or it could never be
        // written.
        let share = shares[source]
        guard share.dropped == 0, share.bytes == 0 || share.bytes + count <= limit else { return false }
        shares[source].bytes += count
        return true
    }
}

let newline = UInt8(ascii: "\n")
