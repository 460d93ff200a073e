internal import Dispatch
internal import Glibc
internal import Synchronization
internal import ZeroMQ

/// Writes lines on a thread of its own, so that a reader that stalls holds up nobody: who writes never waits. What there is no
/// room for is dropped, and when the reader goes on it is told how much.
///
/// It lives as long as the process, at whose end it has a moment to write what waits (``flushAll(limit:)``). Lines arrive in
/// their order; each is written at once if it is no longer than a pipe takes, so that those of several processes don't mix.
package final class LineWriter: Sendable {
    private struct State {
        var queue: LineQueue
        /// Whether the thread has something to do, and knows.
        var isBusy = false
        var isStarted = false
        var isReopenWanted = false
        /// Dropped lines for ``takeDropped()``.
        var untold = 0
        /// The last error of writing; nil if the last write went well.
        var error: Int32?
        /// Whether that error came in the middle of a line.
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

    /// How much of what was taken out is written at once, unless a line is longer: what a pipe takes whole (`PIPE_BUF`).
    private static let pipeSize = 4096

    /// - Parameters:
    ///   - sources: How many there are that write.
    ///   - limit: How many bytes of each may wait.
    ///   - notice: What the reader is told of lines that were dropped; without it they are for ``takeDropped()``.
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

    /// Writes to a descriptor that is open as long as the process is.
    package convenience init(
        descriptor: Int32, sources: Int = 1, limit: Int = 4 << 20,
        notice: (@Sendable (_ source: Int, _ lines: Int) -> String)? = nil,
        onError: @escaping @Sendable (Int32) -> Void = { _ in }
    ) {
        self.init(
            OutputFile(descriptor: descriptor), sources: sources, limit: limit, notice: notice, onError: onError)
    }

    // MARK: For those who write

    /// Writes a line, to which its end is added.
    package func write(_ line: String, of source: Int = 0) { wake { $0.queue.append(line, of: source) } }

    /// Writes bytes as they are: whole lines, or a text that is no line.
    package func write(_ lines: [UInt8], of source: Int = 0) { wake { $0.queue.append(lines, of: source) } }

    /// Opens the file again before the next line is written. Says in the log if that fails.
    func reopen() { wake { $0.isReopenWanted = true } }

    /// The last error of writing; nil if the last write went well.
    package var error: Int32? { state.withLock { $0.error } }

    /// Whether all is written.
    package var isIdle: Bool { state.withLock { !$0.isBusy } }

    /// How many lines were dropped and are not asked about yet, once the reader has gone on.
    package func takeDropped() -> Int {
        state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
    }

    /// Returns when all is written, whenever that is.
    package func wait() { busy.wait() }

    /// Returns when all is written, or after `limit`, or when nothing was written for half a second.
    ///
    /// - Returns: Whether all is written.
    @discardableResult package func flush(limit: Duration = .seconds(5)) -> Bool {
        let end = Instant.now + limit
        var (last, idleTurns) = (written.load(ordering: .relaxed), 0)
        // By the turns that this process had: when it stood still itself, that says nothing of the reader.
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
            // Under the lock: the thread must not leave before.
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
            // Memory that only a stalled reader made necessary is given back.
            batch.removeAll(keepingCapacity: batch.capacity <= 64 * 1024)
        }
        return true
    }

    /// Writes lines, and what there is to say of those that are missing before and after them.
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

    /// The reader stalls, and somebody wants the lines to go elsewhere. A line that was begun is written there once more.
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

    /// Gives what waits a moment to be written. `exit` does that by itself; before `_exit` somebody has to.
    package static func flushAll(limit: Duration = .seconds(5)) {
        for writer in all.withLock({ $0 }) { writer.flush(limit: limit) }
    }
}

extension ArraySlice<UInt8> {
    /// As many lines from the beginning as are no more than `limit` bytes together; one line if that is longer.
    fileprivate func wholeLines(upTo limit: Int) -> ArraySlice {
        guard count > limit else { return self }
        if let end = prefix(limit).lastIndex(of: newline) { return self[...end] }
        return firstIndex(of: newline).map { self[...$0] } ?? self
    }

    /// The line that an index is in, and all after it.
    fileprivate func lines(from index: Int) -> ArraySlice {
        self[(self[..<index].lastIndex(of: newline).map { $0 + 1 } ?? startIndex)...]
    }
}
