internal import Lymph

internal import class ZeroMQ.Lock

/// Notices calls of what neither runs in the network nor is mocked.
final class Strangers: Sendable {
    private struct State {
        var containers: [ServiceContainer] = []
        var problems: [String] = []
    }

    private let isStrict: Bool
    private let state = Lock(State())

    init(isStrict: Bool) { self.isStrict = isStrict }

    /// A process of the network, running or not.
    func add(_ container: ServiceContainer) { state.withLock { $0.containers.append(container) } }

    /// The calls of strangers so far, for people.
    var problems: [String] { state.withLock(\.problems) }

    /// Checks a call that failed.
    func check(_ call: OutgoingCall, by caller: String, _ error: any Error) async {
        guard isStrict, let error = error as? LymphError else { return }
        switch error.code {
        case .lookupFailure: await note(call, caller)
        // Arguments that don't fit are rejected, too.
        case .nack where error.reason == .rejected && !BuiltinInterface.isSubject(call.subject):
            if await !subjects.contains(call.subject) { await note(call, caller) }
        default: break
        }
    }

    private func note(_ call: OutgoingCall, _ caller: String) async {
        let question = NearNames.question(call.subject, await subjects).map { "; \($0)" } ?? ""
        let problem = "\(caller) called \(call.subject), which nobody serves or mocks\(question)"
        state.withLock { state in
            if !state.problems.contains(problem) { state.problems.append(problem) }
        }
    }

    /// All methods that are there.
    private var subjects: Set<String> {
        get async {
            var all: Set<String> = []
            for container in state.withLock(\.containers) { all.formUnion(await container.subjects) }
            return all
        }
    }
}
