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
    ///   - thread: Where `onEvents` is called, with all events that are waiting at that moment.
    /// - Throws: ``RegistryError`` with the code `unavailable`, typically because a limit of the system is reached.
    init(
        path: String, directory: FileIdentity, thread: EventThread,
        onEvents: @escaping @Sendable ([DirectoryEvent]) -> Void
    ) throws(RegistryError) {
        let descriptor: Int32
        do {
            descriptor = try Self.openInotify(path)
        } catch {
            throw RegistryError(.unavailable, Self.explanation(of: error.code, path: path), cause: error)
        }
        do {
            watch = try thread.watch(descriptor) {
                let events = Self.readAll(descriptor)
                if !events.isEmpty { onEvents(events) }
            }
        } catch {
            close(descriptor)
            throw RegistryError(.unavailable, Self.explanation(of: error.code, path: path), cause: error)
        }
        self.directory = directory
    }

    /// Reads the events that have arrived since the last call of `onEvents`, without waiting. Only for use on the
    /// thread.
    func readEvents() -> [DirectoryEvent] { Self.readAll(watch.descriptor) }

    private static func openInotify(_ path: String) throws(SystemError) -> Int32 {
        let descriptor = Int32(
            try SystemError.check("inotify_init1") { Int(inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))) })
        let mask = DirectoryEvent.mask | UInt32(IN_ONLYDIR) | UInt32(IN_DONT_FOLLOW)
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

    /// What a failure means, and what to do about it.
    static func explanation(of code: Int32, path: String) -> String {
        switch code {
        case EMFILE, ENFILE:
            "the registry's directory \(path) can't be watched: too many files or inotify instances are open "
                + "(ulimit -n, fs.inotify.max_user_instances)"
        case ENOSPC:
            "the registry's directory \(path) can't be watched: too many inotify watches "
                + "(fs.inotify.max_user_watches)"
        default:
            "the registry's directory \(path) can't be watched"
        }
    }
}
