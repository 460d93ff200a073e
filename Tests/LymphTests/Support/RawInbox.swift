import Testing
import ZeroMQ

@testable import Lymph

/// The frames of the messages that a raw peer or service has received. Confined to its thread.
final class RawInbox {
    private let thread: PollThread
    private var received: [[[UInt8]]] = []
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Set when a message did not come: the test has failed, and a loop in it must not wait for each of the others.
    private(set) var hasGivenUp = false

    init(on thread: PollThread) { self.thread = thread }

    func take(_ frames: [[UInt8]]) {
        received.append(frames)
        resumeWaiting()
    }

    /// The next message; five empty frames if none comes within a generous time, and from then on.
    func next(isolation: isolated (any Actor), sourceLocation: SourceLocation) async -> [[UInt8]] {
        let end = Instant.now + .seconds(30)
        while received.isEmpty {
            guard !hasGivenUp, Instant.now < end else {
                if !hasGivenUp { Issue.record("no message came", sourceLocation: sourceLocation) }
                hasGivenUp = true
                return [[], [], [], [], []]
            }
            await withCheckedContinuation {
                // Something may have come since the check above.
                if received.isEmpty { waiting.append($0) } else { $0.resume() }
                thread.deadline = end
                thread.onDeadline = { [weak self] in self?.resumeWaiting() }
            }
        }
        return received.removeFirst()
    }

    private func resumeWaiting() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
