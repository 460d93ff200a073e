internal import CZeroMQ
internal import Glibc

/// The descriptors that the process may have open (`ulimit -n`).
///
/// libzmq ends the process if it runs out of them at the wrong moment, so callers check for free ones beforehand.
package enum Descriptors {
    /// The most that ``raiseLimit()`` asks for: a higher limit slows down programs that loop over all descriptor
    /// numbers.
    private static let enough: rlim_t = 1 << 20

    /// Left free for Swift's runtime, which ends the process if it finds none when it needs one.
    private static let reserve = 4

    /// How many the process may have open.
    package static var limit: Int { Int(clamping: current.rlim_cur) }

    /// Raises the soft limit as far as the process may. Only programs do this: a library leaves the decision to them.
    package static func raiseLimit() {
        var limit = current
        guard limit.rlim_cur < min(limit.rlim_max, enough) else { return }
        limit.rlim_cur = min(limit.rlim_max, enough)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Makes sure that `count` more descriptors can be opened now.
    ///
    /// None is opened to find out: another thread may need exactly these at that moment.
    ///
    /// - Throws: ``ZMQError`` that ``ZMQError/isOutOfDescriptors`` holds for.
    package static func require(_ count: Int, for function: StaticString) throws(ZMQError) {
        var free = 0
        // Without this, an impossible count would make the loop below look at every number first.
        guard count <= limit - reserve else { throw makeShortageError(count, for: function) }
        // From the top, because the system hands out the lowest free number.
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
