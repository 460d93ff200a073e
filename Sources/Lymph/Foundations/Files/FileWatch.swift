internal import Glibc
internal import ZeroMQ

/// The contents of a small file: the present one, and each one that replaces it.
///
/// It doesn't matter how the file is replaced: by writing to it, by renaming another one, by changing a link to it or,
/// as Kubernetes does, a link to its directory; nor whether size and time of the file stay the same. A content that is
/// replaced within a tenth of a second may be left out. Where the kernel reports no changes, as on network file systems,
/// the file is read every ten seconds.
///
/// Each iteration has a thread of its own, and ends when its task is cancelled.
package struct FileWatch: AsyncSequence, Sendable {
    package typealias Element = FileContent
    package typealias Failure = Never

    private let path: String
    private let limit: Int

    /// - Parameters:
    ///   - path: The path of the file, whether or not there is one.
    ///   - limit: The most bytes that it may have.
    package init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    package func makeAsyncIterator() -> Iterator { Iterator(reader: WatchedFile(path: path, limit: limit)) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: WatchedFile

        package func next() async -> FileContent? { await reader.next() }
    }
}

/// Reads a file whenever it may have changed. A disk may be slow, so it has its own thread.
private actor WatchedFile {
    private let path: String
    private let limit: Int
    private var changes = FileChanges()
    private var watches: [String: DirectoryWatch] = [:]
    private var alarm: Instant?
    private let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let thread = EventThread(name: "lymph.watch")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    deinit { thread.stop() }

    func next() async -> FileContent? {
        repeat {
            // Before reading: what changes after that is reported.
            let isWatched = watchDirectories()
            let content = FileContent(path: path, limit: limit)
            switch changes.take(content, now: thread.now) {
            case .changed: return content
            case .readAgain(let time): wake(at: time)
            case .none: wake(at: thread.now + (isWatched ? .seconds(10) : .seconds(1)))
            }
        } while await isWoken()
        return nil
    }

    /// - Returns: Whether to go on; false if the task was cancelled.
    private func isWoken() async -> Bool {
        for await _ in events { return !Task.isCancelled }
        return false
    }

    /// Makes sure that there is one timer, and that it is early enough.
    private func wake(at time: Instant) {
        if let alarm, alarm > thread.now, alarm <= time { return }
        alarm = time
        thread.at(time) { [continuation] in continuation.yield() }
    }

    /// Watches the directories of the path, and of what it links to.
    ///
    /// - Returns: Whether all of them are watched.
    private func watchDirectories() -> Bool {
        var watched: [String: DirectoryWatch] = [:]
        var isComplete = true
        for directory in LinkedPath.directories(of: path) {
            guard let watch = watch(of: directory) else {
                isComplete = false
                continue
            }
            watched[directory] = watch
        }
        watches = watched
        return isComplete
    }

    private func watch(of directory: String) -> DirectoryWatch? {
        var status = stat()
        guard stat(directory, &status) == 0 else { return nil }
        let identity = FileIdentity(status)
        if let watch = watches[directory], watch.directory == identity { return watch }
        let yield = { @Sendable [continuation] (_: [DirectoryEvent]) in _ = continuation.yield() }
        return try? DirectoryWatch(
            path: directory, directory: identity, includingCreation: true, thread: thread, onEvents: yield)
    }
}

/// Follows the links that a path names.
enum LinkedPath {
    /// The directories, free of links themselves, in which a change may change what is at the path.
    static func directories(of path: String) -> Set<String> {
        var directories: Set<String> = []
        var path = path
        // As many links as the system follows.
        for _ in 0..<40 {
            let parent = path.contains("/") ? String(path[...(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
            guard let directory = real(parent) else { break }
            directories.insert(directory)
            guard let target = target(of: path) else { break }
            path = target.hasPrefix("/") ? target : "\(directory)/\(target)"
        }
        return directories
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func target(of link: String) -> String? {
        withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlink(link, base, buffer.count)
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
    }
}
