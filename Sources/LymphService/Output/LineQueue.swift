/// Lines that wait to be written: a limited number of bytes of each source. When there is no room, the newest are dropped and
/// counted.
///
/// All of them are one array: a line costs no memory but its bytes, so these are all there is to limit.
struct LineQueue: Sendable {
    /// So many lines of a source were dropped.
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
    ///   - sources: How many there are. One that writes too much takes no room from the others.
    ///   - limit: How many bytes of each may wait.
    init(sources: Int, limit: Int) {
        shares = Array(repeating: Share(), count: sources)
        self.limit = limit
    }

    /// Whether nothing waits.
    var isEmpty: Bool { bytes.isEmpty }

    /// Adds a line, to which its end is added.
    mutating func append(_ line: String, of source: Int) {
        guard reserve(line.utf8.count + 1, of: source) else { return shares[source].dropped += 1 }
        bytes += line.utf8
        bytes.append(newline)
    }

    /// Adds bytes, most often whole lines, or drops all of them.
    mutating func append(_ lines: [UInt8], of source: Int) {
        guard reserve(lines.count, of: source) else { return shares[source].dropped += lines.count { $0 == newline } }
        bytes += lines
    }

    /// Counts lines that were taken and could not be written.
    mutating func lose(_ lines: Int) { lost += lines }

    /// Takes all that waits.
    ///
    /// - Parameter batch: An empty array whose memory is used for what comes next.
    /// - Returns: How many lines are missing before those, and the gaps after them: where lines are missing, none follow until
    ///   this is called.
    mutating func take(into batch: inout [UInt8]) -> (lost: Int, gaps: [Gap]) {
        swap(&bytes, &batch)
        let gaps = shares.indices.filter { shares[$0].dropped > 0 }.map { Gap(source: $0, lines: shares[$0].dropped) }
        for index in shares.indices { shares[index] = Share() }
        defer { lost = 0 }
        return (lost, gaps)
    }

    private mutating func reserve(_ count: Int, of source: Int) -> Bool {
        // What is larger than the limit by itself has to pass some time.
        let share = shares[source]
        guard share.dropped == 0, share.bytes == 0 || share.bytes + count <= limit else { return false }
        shares[source].bytes += count
        return true
    }
}

let newline = UInt8(ascii: "\n")
