internal import Lymph

internal import class ZeroMQ.Lock

/// Notices calls of what neither runs in the network nor is mocked.
final class Strangers: Sendable {
    private struct State {
        var containers: [ServiceContainer] = []
        /// What has ever been served: a service that has stopped is no stranger.
        var offers: [(name: String, version: Version?)] = []
        var problems: [String] = []
    }

    private let isStrict: Bool
    private let state = Lock(State())

    init(isStrict: Bool) { self.isStrict = isStrict }

    /// A process of the network begins to run.
    func add(_ container: ServiceContainer, _ interfaces: [InterfaceDefinition]) {
        state.withLock { state in
            state.containers.append(container)
            state.offers += interfaces.map { ($0.name, $0.version) }
        }
    }

    /// Releases the processes, which retain this object.
    func removeAll() { state.withLock { $0.containers = [] } }

    /// The calls of strangers so far, for people.
    var problems: [String] { state.withLock(\.problems) }

    /// Checks a call that failed.
    func check(_ call: OutgoingCall, by caller: String, _ error: any Error) async {
        guard isStrict, let error = error as? LymphError else { return }
        switch error.code {
        case .lookupFailure: await note(call, caller)
        case .notConnected:
            guard case .service(let name, let version?) = call.target, !isOffered(name, version) else { return }
            await note(call, caller, VersionedName(name, version).description)
        // Arguments that don't fit are rejected, too.
        case .nack where error.reason == .rejected && !BuiltinInterface.isSubject(call.subject):
            if await !subjects.contains(call.subject) { await note(call, caller) }
        default: break
        }
    }

    private func isOffered(_ name: String, _ version: Version) -> Bool {
        state.withLock { state in
            state.offers.contains { $0.name == name && $0.version?.isCompatible(with: version) == true }
        }
    }

    /// - Parameter service: The service with its version, if that is what isn't there.
    private func note(_ call: OutgoingCall, _ caller: String, _ service: String? = nil) async {
        let question = service == nil ? NearNames.question(call.subject, await subjects).map { "; \($0)" } ?? "" : ""
        let place = service.map { " of \($0)" } ?? ""
        let problem = "\(caller) called \(call.subject)\(place), which nobody serves or mocks\(question)"
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
