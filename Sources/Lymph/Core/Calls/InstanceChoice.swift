internal import ZeroMQ

/// Chooses the peer that a call goes to: by what the registry says of the service, how the peers are, and the budget for retries.
struct InstanceChoice {
    /// Where a call can go.
    enum Choice {
        /// To a peer, which is asked for a version. `first` was chosen before it, for its merits, and can't be sent to at once.
        case peer(Endpoint, Version?, first: Endpoint)
        /// The registry must be asked for the service.
        case lookUp(String)
        /// The registry is being asked for the service, or has nobody for it yet.
        case wait(String)
        /// Nowhere; the text says why.
        case nobody(String)
    }

    /// Something that comes along with a choice.
    enum Notice: Equatable {
        /// It is worth knowing this peer: it was chosen, and as nothing is known of it another gets the request.
        case introduce(Endpoint)
        /// Calls to the service that name no version go to any of these.
        case mixedVersions(String, [String])
    }

    private var services: ServiceTable
    private var balancer: LoadBalancer
    private var retries: RetryBudget
    private var notices: [Notice] = []

    init(_ strategy: LoadBalancing, _ unversioned: UnversionedCalls, seed: UInt64, now: Instant) {
        services = ServiceTable(unversioned)
        balancer = LoadBalancer(strategy, seed: seed)
        retries = RetryBudget(now: now)
    }

    mutating func takeNotices() -> [Notice] {
        guard !notices.isEmpty else { return [] }
        defer { notices = [] }
        return notices
    }

    // MARK: Services

    /// The registry's list of a service's instances.
    ///
    /// - Returns: The instances that were not in the list before.
    mutating func update(_ service: String, _ instances: [ServiceInstance]) -> [ServiceInstance] {
        services.update(service, instances)
    }

    /// The registry doesn't know a service, or no longer.
    ///
    /// - Parameter isAskedAgain: Whether it is asked again at once, for calls that wait.
    mutating func forget(_ service: String, isAskedAgain: Bool) {
        services.remove(service)
        if isAskedAgain { services.askAgain(service) }
    }

    // MARK: Choosing

    /// A call is made: a share of it may be made again.
    mutating func begin() { retries.deposit() }

    /// Chooses for a call that was not sent.
    mutating func choose(for call: Call, at now: Instant, _ peers: borrowing Peers) -> Choice {
        switch call.target {
        case .endpoint(let peer, let version):
            return .peer(peer, version, first: peer)
        case .service(let name, let version):
            switch services.find(name, version: version, waitsForReady: call.waitsForReady) {
            case .instances(let instances):
                if version == nil, services.takeMixed(name) {
                    let versions = Set(instances.map { $0.version?.description ?? "none" })
                    notices.append(.mixedVersions(name, versions.sorted()))
                }
                return choose(among: instances, for: call, of: name, at: now, peers)
            case .lookUp: return .lookUp(name)
            case .wait: return .wait(name)
            case .none(let why): return .nobody(why)
            }
        }
    }

    private mutating func choose(
        among instances: [ServiceInstance], for call: Call, of service: String, at now: Instant,
        _ peers: borrowing Peers
    ) -> Choice {
        guard let index = best(of: instances, for: call, at: now, peers) else {
            // They have all refused it: the next one has yet to appear.
            return call.waitsForReady
                ? .wait(service) : .nobody("none of \(instances.count) instances can be reached")
        }
        let first = instances[index]
        guard !peers.isConnected(first.endpoint, at: now),
            let other = connected(of: instances, for: call, at: now, peers)
        else { return .peer(first.endpoint, first.version, first: first.endpoint) }
        // A peer that is new is connected to meanwhile, and another does the work.
        if !peers.isKnown(first.endpoint) { notices.append(.introduce(first.endpoint)) }
        return .peer(instances[other].endpoint, instances[other].version, first: first.endpoint)
    }

    /// Chooses again, as a peer can't be sent to at once: somebody who can, or else the one that was chosen first.
    ///
    /// - Returns: nil: there is nobody else to try.
    mutating func chooseInstead(
        of peer: Endpoint, first: Endpoint, for call: Call, at now: Instant, _ peers: borrowing Peers
    ) -> Choice? {
        guard case .service(let name, let version) = call.target else { return nil }
        let instances = services.candidates(for: name, version: version)
        let index =
            connected(of: instances, for: call, at: now, peers)
            ?? (peer == first ? nil : instances.firstIndex { $0.endpoint == first })
        return index.map { .peer(instances[$0].endpoint, instances[$0].version, first: first) }
    }

    /// Whether a call that was sent may go to another instance: there is one, and the budget allows it.
    ///
    /// - Parameter outcome: What became of it where it is.
    mutating func mayRetry(
        _ call: Call, after outcome: Load.Outcome, at now: Instant, _ peers: borrowing Peers
    ) -> Bool {
        guard case .service(let name, let version) = call.target else { return false }
        if best(of: services.candidates(for: name, version: version), for: call, at: now, peers) != nil {
            return retries.withdraw(now: now)
        }
        // Others wait for the next instance.
        guard call.waitsForReady, case .draining = outcome else { return false }
        return true
    }

    /// The best of the instances that were not asked yet: a good one; else one that is silent or sits out, since never is nobody
    /// better than somebody; else, if the call may wait, one that is out of reach.
    private mutating func best(
        of instances: [ServiceInstance], for call: Call, at now: Instant, _ peers: borrowing Peers
    ) -> Int? {
        draw(from: instances, for: call, at: now, peers) { peers.isGood($0, at: now) }
            ?? draw(from: instances, for: call, at: now, peers) { peers.isReachable($0, at: now) }
            ?? draw(from: instances, for: call, at: now, peers) {
                call.waitsForReady || !peers.isLost($0, at: now)
            }
    }

    private mutating func connected(
        of instances: [ServiceInstance], for call: Call, at now: Instant, _ peers: borrowing Peers
    ) -> Int? {
        draw(from: instances, for: call, at: now, peers) { peers.isConnected($0, at: now) }
    }

    private mutating func draw(
        from instances: [ServiceInstance], for call: Call, at now: Instant, _ peers: borrowing Peers,
        where fits: (Endpoint) -> Bool
    ) -> Int? {
        balancer.choose(of: instances.count) { index in
            let peer = instances[index].endpoint
            return !call.progress.isAsked(peer) && fits(peer)
        } isBetter: { a, b in
            peers.isBetter(instances[a].endpoint, than: instances[b].endpoint, at: now)
        }
    }
}
