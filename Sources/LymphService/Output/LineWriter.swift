internal import Dispatch
internal import Glibc
internal import Synchronization
internal import ZeroMQ

/// Writes lines on a thread of its own: callers never wait, so a stalled reader holds up nobody. Lines for which
/// there is no room are dropped, and when the reader goes on it is told how many.
///
/// A writer lives as long as the process, which gives it a moment at its end to write what is queued
/// (``flushAll(limit:)``). Lines are written in order. Each write has whole lines and is no larger than what a pipe
/// takes atomically, unless a single line is longer, so that lines of several processes don't mix.
package final class LineWriter: Sendable {
    private struct State {
        var queue: LineQueue
        /// Whether the thread has something to do, and has been told.
        var isBusy = false
        var isStarted = false
        var isReopenWanted = false
        /// Dropped lines, for ``takeDropped()``.
        var untold = 0
        /// The last write error; nil if the last write succeeded.
        var error: Int32?
        /// Whether that error occurred in the middle of a line.
        var isTorn = false
    }

    private enum Step {
        case reopen
        case write(lost: Int, gaps: [LineQueue.Gap])
        case rest
    }

    private let file: OutputFile
    private let state: Lock<State>
    private let work = DispatchSemaphore(value: 0)
    private let busy = DispatchGroup()
    private let written = Atomic<Int>(0)
    private let notice: (@Sendable (_ source: Int, _ lines: Int) -> String)?
    private let onError: @Sendable (Int32) -> Void

    /// The size of a single write, unless a line is longer: what a pipe takes atomically (`PIPE_BUF`).
    private static let pipeSize = 4096

    /// - Parameters:
    ///   - sources: The number of sources that write.
    ///   - limit: How many bytes may be queued for each source.
    ///   - notice: The line that reports dropped lines to the reader. Without it, they are counted for
    ///     ``takeDropped()``.
    ///   - onError: Called on the thread when lines could not be written.
    init(
        _ file: OutputFile, sources: Int = 1, limit: Int = 4 << 20,
        notice: (@Sendable (_ source: Int, _ lines: Int) -> String)? = nil,
        onError: @escaping @Sendable (Int32) -> Void = { _ in }
    ) {
        self.file = file
        state = Lock(State(queue: LineQueue(sources: sources, limit: limit)))
        self.notice = notice
        self.onError = onError
    }

    /// Writes to a descriptor that stays open as long as the process runs.
    package convenience init(
        descriptor: Int32, sources: Int = 1, limit: Int = 4 << 20,
        notice: (@Sendable (_ source: Int, _ lines: Int) -> String)? = nil,
        onError: @escaping @Sendable (Int32) -> Void = { _ in }
    ) {
        self.init(
            OutputFile(descriptor: descriptor), sources: sources, limit: limit, notice: notice, onError: onError)
    }

    // MARK: For callers

    /// Writes a line, and terminates it.
    package func write(_ line: String, of source: Int = 0) { wake { $0.queue.append(line, of: source) } }

    /// Writes bytes as they are: whole lines, or text that is not a line.
    package func write(_ lines: [UInt8], of source: Int = 0) { wake { $0.queue.append(lines, of: source) } }

    /// Reopens the file before the next line is written. A failure is reported in the log.
    func reopen() { wake { $0.isReopenWanted = true } }

    /// The last write error; nil if the last write succeeded.
    package var error: Int32? { state.withLock { $0.error } }

    /// Whether everything is written.
    package var isIdle: Bool { state.withLock { !$0.isBusy } }

    /// The number of dropped lines since the last call, available once the reader goes on.
    package func takeDropped() -> Int {
        state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
    }

    /// Returns when everything is written, however long that takes.
    package func wait() { busy.wait() }

    /// Returns when everything is written, or after `limit`, or when nothing was written for half a second.
    ///
    /// - Returns: Whether everything is written.
    @discardableResult package func flush(limit: Duration = .seconds(5)) -> Bool {
        let end = Instant.now + limit
        var (last, idleTurns) = (written.load(ordering: .relaxed), 0)
        // Counts turns instead of time, because time in which this process itself was suspended says nothing about
        // the reader.
        while busy.wait(timeout: .now() + .milliseconds(10)) == .timedOut {
            let now = written.load(ordering: .relaxed)
            idleTurns = now == last ? idleTurns + 1 : 0
            last = now
            if idleTurns >= 50 || Instant.now >= end { return false }
        }
        return true
    }

    private func wake(_ change: (inout State) -> Void) {
        let (isFirst, isStart) = state.withLock { state in
            change(&state)
            guard !state.isBusy else { return (false, false) }
            state.isBusy = true
            // Under the lock, so that the thread can't leave first.
            busy.enter()
            defer { state.isStarted = true }
            return (true, !state.isStarted)
        }
        if isStart { start() }
        if isFirst { work.signal() }
    }

    // MARK: The thread

    private func start() {
        Self.register(self)
        spawnThread(name: "lymph-output") { self.run() }
    }

    private func run() -> Never {
        var batch: [UInt8] = []
        while true {
            work.wait()
            while step(&batch) {}
        }
    }

    private func step(_ batch: inout [UInt8]) -> Bool {
        let next = state.withLock { state -> Step in
            if state.isReopenWanted { return .reopen }
            guard !state.queue.isEmpty else {
                state.isBusy = false
                return .rest
            }
            let (lost, gaps) = state.queue.take(into: &batch)
            return .write(lost: lost, gaps: gaps)
        }
        switch next {
        case .rest:
            busy.leave()
            return false
        case .reopen:
            reopenNow()
        case .write(let lost, let gaps):
            write(batch, lost, gaps)
            // Releases memory that was needed only because of a stalled reader.
            batch.removeAll(keepingCapacity: batch.capacity <= 64 * 1024)
        }
        return true
    }

    /// Writes lines, and reports the ones missing before and after them.
    private func write(_ lines: [UInt8], _ lostBefore: Int, _ gaps: [LineQueue.Gap]) {
        var lost = tell(lostBefore, of: 0) ? 0 : lostBefore
        lost += lost == 0 ? write(lines[...]) : lines.count { $0 == newline }
        for gap in gaps where lost > 0 || !tell(gap.lines, of: gap.source) { lost += gap.lines }
        if lost > 0 { state.withLock { $0.queue.lose(lost) } }
    }

    private func tell(_ lines: Int, of source: Int) -> Bool {
        guard lines > 0 else { return true }
        guard let notice else {
            state.withLock { $0.untold += lines }
            return true
        }
        return write(Array("\(notice(source, lines))\n".utf8)[...]) == 0
    }

    /// - Returns: How many lines could not be written.
    private func write(_ lines: ArraySlice<UInt8>) -> Int {
        var rest = lines
        if state.withLock({ $0.isTorn }) {
            var end = [newline][...]
            if let error = file.write(&end, while: { state.withLock { !$0.isReopenWanted } }), error != EAGAIN {
                onError(error)
                return rest.count { $0 == newline }
            }
        }
        while !rest.isEmpty {
            var part = rest.wholeLines(upTo: Self.pipeSize)
            let end = part.endIndex
            let error = file.write(&part) { state.withLock { !$0.isReopenWanted } }
            switch error {
            case nil:
                rest = rest[end...]
            case EAGAIN:
                rest = rest.lines(from: part.startIndex)
                reopenNow()
            case let error?:
                let isTorn = rest.lines(from: part.startIndex).startIndex < part.startIndex
                state.withLock { ($0.error, $0.isTorn) = (error, isTorn) }
                onError(error)
                return rest[part.startIndex...].count { $0 == newline }
            }
            written.add(1, ordering: .relaxed)
        }
        state.withLock { ($0.error, $0.isTorn) = (nil, false) }
        return 0
    }

    /// Called when the reader stalls and the lines should go to a new file. A line that was begun is written there
    /// again in full.
    private func reopenNow() {
        state.withLock { ($0.isReopenWanted, $0.isTorn) = (false, false) }
        do throws(LogOutput.Failure) { try file.reopen() } catch { write(error.description) }
    }

    // MARK: The end of the process

    private static let all = Lock<[LineWriter]>([])

    private static func register(_ writer: LineWriter) {
        let isFirst = all.withLock { all in
            all.append(writer)
            return all.count == 1
        }
        if isFirst { atexit { LineWriter.flushAll() } }
    }

    /// Gives queued lines a moment to be written. `exit` does this automatically; callers of `_exit` must do it
    /// themselves.
    package static func flushAll(limit: Duration = .seconds(5)) {
        for writer in all.withLock({ $0 }) { writer.flush(limit: limit) }
    }
}

extension ArraySlice<UInt8> {
    /// As many whole lines as fit into `limit` bytes, or the first line if that is longer.
    fileprivate func wholeLines(upTo limit: Int) -> ArraySlice {
        guard count > limit else { return self }
        if let end = prefix(limit).lastIndex(of: newline) { return self[...end] }
        return firstIndex(of: newline).map { self[...$0] } ?? self
    }

    /// The line that contains an index, and everything after it.
    fileprivate func lines(from index: Int) -> ArraySlice {
        self[(self[..<index].lastIndex(of: newline).map { $0 + 1 } ?? startIndex)...]
    }
}
