internal import Glibc

/// Decides what to log about a directory that can't be watched although somebody needs it, each event once, and how
/// long to wait before the next attempt.
struct WatchNews: Sendable {
    /// Something to log.
    enum Item: Sendable, Hashable {
        case failing(because: String)
        /// Changes are reported again.
        case back
    }

    private var problem: String?
    private var failures = 0

    /// How long to wait before the next attempt.
    var retryDelay: Duration { RegistrationNews.retryDelay(after: failures) }

    /// Records the result of an attempt.
    ///
    /// - Parameter failure: Why the directory is not watched; nil if it is.
    mutating func take(failure: String?) -> Item? {
        defer { problem = failure }
        guard let failure else {
            failures = 0
            return problem == nil ? nil : .back
        }
        failures += 1
        return failure == problem ? nil : .failing(because: failure)
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
