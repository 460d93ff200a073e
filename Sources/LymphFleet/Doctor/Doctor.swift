internal import Lymph

/// Examines the registry and processes, and returns findings.
package struct Doctor: Sendable {
    private let fleet: Fleet
    private let timeout: Duration
    private let advise: @Sendable (any Error) -> String?

    /// How many processes are examined at the same time.
    private static let breadth = 16

    /// - Parameters:
    ///   - timeout: How long each step may take.
    ///   - advise: What to do about an error.
    package init(fleet: Fleet, timeout: Duration, advise: @escaping @Sendable (any Error) -> String?) {
        self.fleet = fleet
        self.timeout = timeout
        self.advise = advise
    }

    /// - Parameter target: Whom to examine; nil for everything that is registered.
    package func examine(_ target: FleetAddress?) async -> [Finding] {
        guard let target else {
            let (findings, survey) = await registry(names: nil)
            return findings + (await examine(Self.observations(of: survey?.instances ?? [])))
        }
        if let endpoint = target.endpoint { return await examine([PeerObservation(endpoint: endpoint)]) }
        let (findings, survey) = await registry(names: [target.service])
        guard let survey else { return findings }
        let instances = target.select(survey.instances)
        guard !instances.isEmpty else {
            return findings + [Self.noInstance(target.service, target.version, survey.instances)]
        }
        return findings + (await examine(Self.observations(of: instances)))
    }

    /// Examines the registry. The survey is nil if the registry can't be read or doesn't know a name.
    private func registry(names: [String]?) async -> (findings: [Finding], survey: Survey?) {
        do {
            let registry = fleet.registry
            // The whole registry is read even for one name, because it may clash with others.
            let survey = try await Survey.take(registry, within: timeout)
            let directory = registry as? DirectoryRegistry
            let what = directory.map { "directory \($0.path)" } ?? "\(type(of: registry))"
            let count = survey.services.count
            let finding = Finding(
                check: "registry", verdict: .fine,
                message: "\(what) is readable; \(count) \(count == 1 ? "service" : "services") registered")
            let isLocal = directory != nil
            let examination = RegistryExamination(instances: survey.instances, isLocal: isLocal)
            let findings = [finding] + Self.meeting(directory) + examination.findings
            guard let names else { return (findings, survey) }
            do {
                return (findings, try await Survey.take(registry, names: names, within: timeout))
            } catch {
                return (findings + [problem("service", error)], nil)
            }
        } catch {
            return ([problem("registry", error)], nil)
        }
    }

    private func problem(_ check: String, _ error: any Error) -> Finding {
        Finding(check: check, verdict: .problem, message: FleetFailure(error).message, advice: advise(error))
    }

    /// Whether services of this user can register in the directory, or have registered elsewhere.
    private static func meeting(_ directory: DirectoryRegistry?) -> [Finding] {
        let obstacle = directory?.writeObstacle.map { reason in
            Finding(
                check: "registry", verdict: .problem, message: "no service can register in the directory: \(reason)",
                advice: "make it writable, or " + OtherRegistry.advice)
        }
        return [obstacle].compactMap(\.self)
            + (directory?.elsewhere ?? []).map { other in
                Finding(
                    check: "registry", verdict: .warning,
                    message: "\(other.path) has services of yours, too, which can't be found from here: "
                        + other.services.joined(separator: ", "),
                    advice: "their environment (XDG_RUNTIME_DIR, LYMPH_REGISTRY_DIR) is different: "
                        + OtherRegistry.advice)
            }
    }

    private static func noInstance(_ name: String, _ version: Version?, _ others: [ServiceInstance]) -> Finding {
        guard let version, !others.isEmpty else {
            return Finding(
                check: "instances", verdict: .problem, message: "no instance of \(name) is running", advice: "start one"
            )
        }
        let versions = Set(others.map { $0.version?.description ?? "without a version" }).sorted()
        return Finding(
            check: "version mismatch", verdict: .problem,
            message:
                "no instance of \(name) is compatible with \(version); there are \(versions.joined(separator: ", "))",
            advice: "ask for a version that is running, or start an instance of this one")
    }

    /// One observation for each process.
    private static func observations(of instances: [ServiceInstance]) -> [PeerObservation] {
        Dictionary(grouping: instances, by: \.endpoint)
            .map { PeerObservation(endpoint: $0.key, registered: $0.value) }
            .sorted { $0.endpoint.description < $1.endpoint.description }
    }

    private func examine(_ peers: [PeerObservation]) async -> [Finding] {
        await withTaskGroup(of: (Int, [Finding]).self) { group in
            var findings: [Int: [Finding]] = [:]
            for (index, peer) in peers.enumerated() {
                if index >= Self.breadth, let (index, found) = await group.next() { findings[index] = found }
                group.addTask { (index, await examine(peer)) }
            }
            for await (index, found) in group { findings[index] = found }
            return peers.indices.flatMap { findings[$0] ?? [] }
        }
    }

    private func examine(_ peer: PeerObservation) async -> [Finding] {
        do {
            let seen = try await PeerVisit(fleet: fleet, timeout: timeout).see(peer)
            return PeerExamination(seen: seen).findings
        } catch {
            return [problem("client", error)]
        }
    }
}
