internal import ZeroMQ

/// What a program does about the descriptors of its process (`ulimit -n`), before it does anything else with them.
package enum ProcessDescriptors {
    /// Raises the limit as far as the process may, and makes sure that a number can be opened: not all that the runtime and the
    /// libraries open would fail in a way that can be explained.
    ///
    /// - Throws: ``LymphError`` with code `bindFailure`.
    package static func prepare(_ count: Int) throws(LymphError) {
        Descriptors.raiseLimit()
        do throws(ZMQError) {
            try Descriptors.require(count, for: "eventfd")
        } catch {
            throw LymphError(.bindFailure, "\(error)", cause: error)
        }
    }

    /// Whether signals can be watched: the runtime ends a process that finds no descriptors for that.
    package static var areEnoughForSignals: Bool { (try? Descriptors.require(12, for: "signalfd")) != nil }
}
