internal import ZeroMQ

/// What a program does about its descriptors (`ulimit -n`) before it does anything else.
package enum ProcessDescriptors {
    /// Raises the limit as far as the process may, and makes sure that `count` descriptors can be opened: later, the
    /// runtime or a library could fail for lack of one in ways that can't be explained.
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

    /// Whether signals can be watched: the runtime ends a process that has no descriptors for that.
    package static var areEnoughForSignals: Bool { (try? Descriptors.require(12, for: "signalfd")) != nil }
}
