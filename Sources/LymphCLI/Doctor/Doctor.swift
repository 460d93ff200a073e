internal import Lymph
internal import MessagePack

/// Looks at the registry and at processes, and has judged what it sees.
struct Doctor: Sendable {
    let fleet: Fleet
    let timeout: Duration

    /// So many processes are looked at at a time.
    private static let breadth = 16

    func examine(_ target: DoctorTarget?) async -> [Finding] {
        switch target {
        case .endpoint(let endpoint):
            return await examine([PeerObservation(endpoint: endpoint)])
        case .service(let name, let version):
            let (findings, survey) = await registry(names: [name])
            guard let survey else { return findings }
            let instances = survey.instances.filter { instance in
                version.map { asked in instance.version?.isCompatible(with: asked) ?? false } ?? true
            }
            guard !instances.isEmpty else {
                return findings + [Self.noInstance(name, version, survey.instances)]
            }
            return findings + (await examine(Self.observations(of: instances)))
        case nil:
            let (findings, survey) = await registry(names: nil)
            return findings + (await examine(Self.observations(of: survey?.instances ?? [])))
        }
    }

    /// Looks at the registry; the survey is nil if that can't be read or doesn't know a name.
    private func registry(names: [String]?) async -> (findings: [Finding], survey: Survey?) {
        do {
            let registry = try fleet.registry()
            // The whole registry is read also for one name: clashes are with others.
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
                return (findings + [Self.finding("service", Failure(error))], nil)
            }
        } catch {
            return ([Self.finding("registry", Failure(error))], nil)
        }
    }

    private static func finding(_ check: String, _ failure: Failure) -> Finding {
        // What this command would be advised to do for others it is doing.
        let advice = failure.advice.flatMap { $0.contains("`lymph doctor`") ? nil : $0 }
        return Finding(check: check, verdict: .problem, message: failure.message ?? "interrupted", advice: advice)
    }

    /// Whether services of this user can register where it was looked, or have registered elsewhere.
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
                    message: "\(other.path) has services of yours, too, which can't be seen here: "
                        + other.services.joined(separator: ", "),
                    advice: "their environment (XDG_RUNTIME_DIR, LYMPH_REGISTRY_DIR) is another one: "
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
            advice: "ask for a version that is there, or start an instance that has this one")
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
            return [Self.finding("client", Failure(error))]
        }
    }
}
