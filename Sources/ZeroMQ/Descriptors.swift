internal import CZeroMQ
internal import Glibc

/// The descriptors that the process may have open (`ulimit -n`).
///
/// libzmq ends the process if it finds none at some moments, so what it will need is looked for before.
package enum Descriptors {
    /// What raising goes to at most: more costs those programs time that go through all numbers.
    private static let enough: rlim_t = 1 << 20

    /// What is left to the runtime, which ends the process if it finds none when it needs one.
    private static let reserve = 4

    /// How many the process may have open.
    package static var limit: Int { Int(clamping: current.rlim_cur) }

    /// Raises the limit to what the process may set itself. For programs: a library leaves it to them.
    package static func raiseLimit() {
        var limit = current
        guard limit.rlim_cur < min(limit.rlim_max, enough) else { return }
        limit.rlim_cur = min(limit.rlim_max, enough)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Makes sure that so many more can be opened now.
    ///
    /// None is opened for that: another thread may need just these at the same moment.
    ///
    /// - Throws: ``ZMQError`` that ``ZMQError/isOutOfDescriptors`` holds for.
    package static func require(_ count: Int, for function: StaticString) throws(ZMQError) {
        var free = 0
        // The numbers may be too many to look at all of them in vain.
        guard count <= limit - reserve else { throw makeShortageError(count, for: function) }
        // From the top: the system gives out the lowest.
        var number = Int32(clamping: limit)
        while free < count + reserve {
            guard number > 0 else {
                throw makeShortageError(count, for: function)
            }
            number -= 1
            if fcntl(number, F_GETFD) == -1 { free += 1 }
        }
    }

    private static func makeShortageError(_ count: Int, for function: StaticString) -> ZMQError {
        ZMQError(code: EMFILE, function: function, subject: "\(count) more are needed")
    }

    private static var current: rlimit {
        var value = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &value)
        return value
    }
}

extension ZMQError {
    /// Whether there was no descriptor left in the process or the machine, or no socket in the context.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
