internal import Lymph

/// What is known of the instances of one service, and what has to be asked to know it better.
///
/// A round is a list of the nodes and then the data of those that are new or have changed. What a round has found is
/// told at its end, never a part of it. What changes meanwhile makes another round.
///
/// When a connection was lost and is there again, others may not be back yet: their sessions may have expired, or will
/// before they have registered anew, or the servers may have lost all data. So instances that go missing then are kept for a
/// while.
struct ServiceView: Sendable {
    /// What the registry has to do.
    enum Action: Sendable, Hashable {
        case list(round: Int)
        case fetch(node: String, round: Int)
        /// Ask to be told when the service appears.
        case awaitService(round: Int)
        /// These are the instances now.
        case publish([ServiceInstance])
        /// The connection was lost and is back. Ask for ``ServiceView/missingStayAway(since:)`` with the number when others
        /// should be back, too.
        case waitForMissing(Int)
        /// Nobody was ever registered as this.
        case unknown
        /// It cannot be known.
        case failed(ZooKeeperError)
        /// The document of a node describes no instance.
        case unusable(node: String, ServiceInstanceError)
    }

    /// Whether an instance that goes missing is believed to be gone.
    private enum Absence: Hashable {
        case believed
        /// The connection was lost; the next list is the first one since. → doubtedSince
        case doubted
        /// That list was this round's. → believed, when others have had the time to come back; doubted
        case doubtedSince(Int)
    }

    /// What a node holds; nil if that is nothing useful.
    private struct Content: Hashable { var instance: ServiceInstance? }

    let service: String

    private var nodes: [String: Content] = [:]
    /// Those that are kept though they are missing, and not among the nodes.
    private var missing: [String: Content] = [:]
    private var absence = Absence.believed
    /// Whether there was ever a whole list.
    private(set) var isLoaded = false
    /// Whether a list is as new as the last event.
    var isCurrent: Bool { isLoaded && !isBusy && !isStale && staleNodes.isEmpty }

    /// Whether something has to be looked at and nobody does.
    var isIdle: Bool { !isBusy && (isStale || !staleNodes.isEmpty) }

    private var round = 0
    private var isBusy = false
    private var isStale = true
    private var staleNodes: Set<String> = []
    private var fetching: Set<String> = []

    init(of service: String) { self.service = service }

    /// The instances that are known.
    var instances: [ServiceInstance] { nodes.merging(missing) { present, _ in present }.values.compactMap(\.instance) }

    /// Requests are served, or it is time for another try: everything is looked at again.
    mutating func start() -> [Action] {
        isBusy = false
        isStale = true
        staleNodes.formUnion(nodes.keys)
        return next()
    }

    /// Requests are not served for now. What is known stays.
    mutating func pause() {
        absence = .doubted
        stop()
    }

    /// Those that are missing have had the time to come back.
    mutating func missingStayAway(since round: Int) -> [Action] {
        // The connection may have been lost again.
        guard absence == .doubtedSince(round) else { return [] }
        absence = .believed
        if missing.isEmpty { return [] }
        missing = [:]
        return [.publish(instances)]
    }

    private mutating func stop() {
        round += 1
        isBusy = false
        isStale = true
    }

    /// The list of nodes has changed.
    mutating func listChanged() -> [Action] {
        isStale = true
        return next()
    }

    /// A node has changed, or was replaced.
    mutating func nodeChanged(_ node: String) -> [Action] {
        staleNodes.insert(node)
        return next()
    }

    /// The reply to ``Action/list(round:)``.
    mutating func listed(_ result: Result<[String], ZooKeeperError>, round: Int) -> [Action] {
        guard round == self.round, isBusy else { return [] }
        switch result {
        case .success(let names):
            let present = Set(names)
            drop(Set(nodes.keys).subtracting(present))
            let waiting = waitForMissing()
            staleNodes.formIntersection(present)
            fetching = present.filter { nodes[$0] == nil }.union(staleNodes)
            staleNodes = []
            return waiting
                + (fetching.isEmpty ? finish() : fetching.sorted().map { .fetch(node: $0, round: round) })
        case .failure(.noNode):
            return disappear()
        case .failure(let error):
            return abandon(error)
        }
    }

    /// The reply to ``Action/fetch(node:round:)``.
    mutating func fetched(_ node: String, _ result: Result<[UInt8], ZooKeeperError>, round: Int) -> [Action] {
        guard round == self.round, fetching.remove(node) != nil else { return [] }
        var actions: [Action] = []
        if case .success = result { missing[node] = nil }
        switch result {
        case .success(let document):
            do {
                let instance = try ServiceInstance(json: document, service: service, id: NodeName.decode(node))
                nodes[node] = Content(instance: instance)
            } catch {
                nodes[node] = Content(instance: nil)
                actions.append(.unusable(node: node, error))
            }
        case .failure(.noNode):
            // It went after the list was made.
            drop([node])
        case .failure(.notPermitted):
            nodes[node] = Content(instance: nil)
        case .failure(let error):
            return abandon(error)
        }
        return fetching.isEmpty ? actions + finish() : actions
    }

    /// The reply to ``Action/awaitService(round:)``.
    mutating func foundService(_ result: Result<Void, ZooKeeperError>, round: Int) -> [Action] {
        guard round == self.round else { return [] }
        switch result {
        case .success: return listChanged()
        case .failure(.noNode): return []
        case .failure(let error): return abandon(error)
        }
    }

    private mutating func next() -> [Action] {
        guard isIdle else { return [] }
        isBusy = true
        round += 1
        if isStale {
            isStale = false
            return [.list(round: round)]
        }
        fetching = staleNodes
        staleNodes = []
        return fetching.sorted().map { .fetch(node: $0, round: round) }
    }

    private mutating func finish() -> [Action] {
        isBusy = false
        isLoaded = true
        return [.publish(instances)] + next()
    }

    private mutating func disappear() -> [Action] {
        isBusy = false
        drop(Set(nodes.keys))
        let waiting = waitForMissing()
        staleNodes = []
        guard isLoaded else { return [.unknown] }
        return waiting + [.publish(instances), .awaitService(round: round)]
    }

    /// These nodes are not there.
    private mutating func drop(_ gone: Set<String>) {
        for node in gone {
            guard let content = nodes.removeValue(forKey: node), absence != .believed else { continue }
            missing[node] = content
        }
    }

    /// The first list after a loss: from now on it takes a while until what is missing is believed to be gone.
    private mutating func waitForMissing() -> [Action] {
        guard absence == .doubted else { return [] }
        absence = .doubtedSince(round)
        return [.waitForMissing(round)]
    }

    private mutating func abandon(_ error: ZooKeeperError) -> [Action] {
        stop()
        fetching.formUnion(staleNodes)
        staleNodes = fetching
        fetching = []
        return error.isTransient ? [] : [.failed(error)]
    }
}
