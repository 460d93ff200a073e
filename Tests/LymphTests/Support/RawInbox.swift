import Testing
import ZeroMQ

@testable import Lymph

/// The frames of the messages that a raw peer or service has received. Confined to its loop.
final class RawInbox {
    private let loop: any EventLoop
    private var received: [[[UInt8]]] = []
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Set when a message did not come: the test has failed, and a loop in it must not wait for each of the others.
    private(set) var hasGivenUp = false

    init(on loop: any EventLoop) { self.loop = loop }

    func take(_ frames: [[UInt8]]) {
        received.append(frames)
        resumeWaiting()
    }

    /// The next message; five empty frames if none comes within a generous time, and from then on.
    func next(isolation: isolated (any Actor), sourceLocation: SourceLocation) async -> [[UInt8]] {
        let end = loop.now + .seconds(30)
        while received.isEmpty {
            guard !hasGivenUp, loop.now < end else {
                if !hasGivenUp { Issue.record("no message came", sourceLocation: sourceLocation) }
                hasGivenUp = true
                return [[], [], [], [], []]
            }
            await withCheckedContinuation {
                // Something may have come since the check above.
                if received.isEmpty { waiting.append($0) } else { $0.resume() }
                loop.deadline = end
                loop.onDeadline = { [weak self] in self?.resumeWaiting() }
            }
        }
        return received.removeFirst()
    }

    private func resumeWaiting() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
