internal import Glibc
internal import ZeroMQ

/// Reports changes in a directory, until the last reference to this is released.
final class DirectoryWatch {
    /// The directory that is watched.
    let directory: FileIdentity

    private let watch: EventThread.Watch

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - path: The path of the directory, for the kernel.
    ///   - directory: The directory that is expected at the path.
    ///   - includingCreation: Whether new entries are reported before whoever creates them has closed them. Only then
    ///     are new links.
    ///   - thread: Where `onEvents` is called, with all events that are waiting at that moment.
    /// - Throws: `SystemError`, typically because a limit of the system is reached.
    init(
        path: String, directory: FileIdentity, includingCreation: Bool = false, thread: EventThread,
        onEvents: @escaping @Sendable ([DirectoryEvent]) -> Void
    ) throws(SystemError) {
        let mask = DirectoryEvent.mask | (includingCreation ? UInt32(IN_CREATE) : 0)
        let descriptor = try Self.openInotify(path, mask)
        do throws(ZMQError) {
            watch = try thread.watch(descriptor) {
                let events = Self.readAll(descriptor)
                if !events.isEmpty { onEvents(events) }
            }
        } catch {
            close(descriptor)
            throw SystemError(code: error.code, operation: "watch \(path)")
        }
        self.directory = directory
    }

    /// Reads the events that have arrived since the last call of `onEvents`, without waiting. Only for use on the
    /// thread.
    func readEvents() -> [DirectoryEvent] { Self.readAll(watch.descriptor) }

    private static func openInotify(_ path: String, _ mask: UInt32) throws(SystemError) -> Int32 {
        let descriptor = Int32(
            try SystemError.check("inotify_init1") { Int(inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))) })
        let mask = mask | UInt32(IN_ONLYDIR) | UInt32(IN_DONT_FOLLOW)
        do {
            try SystemError.check("inotify_add_watch \(path)") { Int(inotify_add_watch(descriptor, path, mask)) }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func readAll(_ descriptor: Int32) -> [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 8) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count > 0 {
                    events += DirectoryEvent.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                } else if count == 0 || errno != EINTR {
                    break
                }
            }
        }
        return events
    }
}
