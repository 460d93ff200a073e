internal import Lymph
internal import MessagePack

/// Finds contradictions in the entries of a registry.
struct RegistryExamination {
    let instances: [ServiceInstance]
    /// Whether only processes of this machine can be in the registry.
    let isLocal: Bool

    var findings: [Finding] {
        let problems = sharedEndpoints + movingIdentities + unreachable
        return problems.isEmpty && !instances.isEmpty
            ? [
                Finding(
                    check: "identities", verdict: .fine, message: "no two processes claim the same address or identity")
            ]
            : problems
    }

    /// Addresses that are claimed by several processes.
    private var sharedEndpoints: [Finding] {
        grouped(by: \.endpoint.description).compactMap { endpoint, instances in
            let identities = Set(instances.map(\.identity)).sorted()
            guard identities.count > 1 else { return nil }
            return Finding(
                check: "identity clash", verdict: .problem,
                message: "\(endpoint) is registered by \(identities.count) processes "
                    + "(\(identities.map { String($0.prefix(bytes: 10)) }.joined(separator: ", "))) for \(Self.names(instances))",
                advice:
                    "one of them is gone, or runs on another machine behind the same address: give each a container.ip "
                    + "of its own, and remove the registration of a dead one")
        }
    }

    /// Identities that are registered at several addresses.
    private var movingIdentities: [Finding] {
        grouped(by: \.identity).compactMap { identity, instances in
            let endpoints = Set(instances.map(\.endpoint.description)).sorted()
            guard endpoints.count > 1 else { return nil }
            return Finding(
                check: "identity clash", verdict: .problem,
                message: "the identity \(identity.prefix(bytes: 10)) is at \(endpoints.joined(separator: " and ")) for "
                    + Self.names(instances),
                advice: "a process was copied while it ran, or registered twice: restart both")
        }
    }

    /// Addresses to which others can't connect.
    private var unreachable: [Finding] {
        let wildcards = instances.filter { !$0.endpoint.canBeReached }
        let loopbacks = isLocal ? [] : instances.filter(\.endpoint.isLoopback)
        return Self.endpoints(wildcards).map { endpoint in
            Finding(
                check: "address", verdict: .problem, message: "\(endpoint) is registered, but nobody can connect to it",
                advice: "set container.ip to the address of that machine")
        }
            + Self.endpoints(loopbacks).map { endpoint in
                Finding(
                    check: "address", verdict: .warning,
                    message:
                        "\(endpoint) is registered for \(Self.names(loopbacks.filter { $0.endpoint.description == endpoint }))"
                        + ": only its own machine can reach it",
                    advice: "set container.ip there, or start the service with --ip or --guess-external-ip")
            }
    }

    private func grouped(by key: (ServiceInstance) -> String) -> [(String, [ServiceInstance])] {
        Dictionary(grouping: instances, by: key).sorted { $0.key < $1.key }
    }

    private static func endpoints(_ instances: [ServiceInstance]) -> [String] {
        Set(instances.map(\.endpoint.description)).sorted()
    }

    private static func names(_ instances: [ServiceInstance]) -> String {
        Set(instances.map(\.service)).sorted().joined(separator: ", ")
    }
}
