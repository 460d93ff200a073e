import Lymph

/// A caller and three instances of a service, one of which takes ten times as long in one call of twenty.
struct Fleet: Sendable {
    /// How long the method usually takes, asleep.
    fileprivate static let base = Duration.milliseconds(5)
    fileprivate static let size = 3

    let caller: Chain.Node
    let instances: [Endpoint]
    let visits: Visits

    /// The service, as its caller sees it.
    var proxy: Proxy { caller.container.client.proxy("shop", timeout: .seconds(60)) }
}

/// What the instances of a fleet have done together.
actor Visits {
    private(set) var executed = 0
    private(set) var slow = 0

    func note(isSlow: Bool) {
        executed += 1
        if isSlow { slow += 1 }
    }
}

/// Runs fleets that know nothing of each other, and `body` when all of them serve.
func withFleets<R: Sendable>(
    _ missing: Int, before others: [Fleet] = [], _ body: @Sendable ([Fleet]) async throws -> R
) async throws -> R {
    guard missing > 0 else { return try await body(others) }
    let (registry, visits) = (StaticRegistry(), Visits())
    return try await withInstances(Fleet.size, of: registry, visits) { instances in
        let caller = try ServiceContainer(interfaces: [], registry: registry)
        return try await withServiceContainer(caller) { endpoint in
            let caller = Chain.Node(container: caller, endpoint: endpoint)
            let fleet = Fleet(caller: caller, instances: instances, visits: visits)
            return try await withFleets(missing - 1, before: others + [fleet], body)
        }
    }
}

private func withInstances<R: Sendable>(
    _ missing: Int, of registry: StaticRegistry, _ visits: Visits, before others: [Endpoint] = [],
    _ body: @Sendable ([Endpoint]) async throws -> R
) async throws -> R {
    guard missing > 0 else { return try await body(others) }
    let shop = InterfaceDefinition(as: "shop") { _ in Shop(visits, isSlowAtTimes: others.isEmpty) }
    return try await withServiceContainer(ServiceContainer(interfaces: [shop], registry: registry)) { endpoint in
        try await withInstances(missing - 1, of: registry, visits, before: others + [endpoint], body)
    }
}

private actor Shop: Interface {
    private let visits: Visits
    private let isSlowAtTimes: Bool
    private var executions = 0

    init(_ visits: Visits, isSlowAtTimes: Bool) { (self.visits, self.isSlowAtTimes) = (visits, isSlowAtTimes) }

    static let routes = Routes<Shop> {
        RPC("get", "key", idempotent: true) { shop, key in try await shop.get(key) }
    }

    private func get(_ key: Int) async throws -> Int {
        executions += 1
        let isSlow = isSlowAtTimes && executions.isMultiple(of: 20)
        await visits.note(isSlow: isSlow)
        try await Task.sleep(for: isSlow ? Fleet.base * 10 : Fleet.base)
        return key
    }
}
