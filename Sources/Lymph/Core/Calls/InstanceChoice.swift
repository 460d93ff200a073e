internal import ZeroMQ

/// Chooses the peer for a call: by the registry's list, the health and load of the peers, and the retry budget.
struct InstanceChoice {
    /// Where a call can go.
    enum Choice {
        /// To a peer, with the version to ask for. `first` is the instance that load balancing preferred; it differs
        /// from the peer if only the peer is connected.
        case peer(Endpoint, Version?, first: Endpoint)
        /// The registry must be asked for the service.
        case lookUp(String)
        /// The registry is being asked for the service, or has no instance for the call yet.
        case wait(String)
        /// Nowhere; the text says why.
        case nobody(String)
        /// Nowhere, because no connection is allowed; the text says why.
        case unauthorized(String)
    }

    /// Something that the poller should know besides the choice.
    enum Notice: Equatable {
        /// This unknown peer was chosen, but a connected one gets the request: connect to it for later calls.
        case introduce(Endpoint)
        /// Calls to the service without a version may go to any of these versions.
        case mixedVersions(String, [String])
        /// It has to be known which methods of this peer are idempotent.
        case inspect(Endpoint)
    }

    private var services: ServiceTable
    private var balancer: LoadBalancer
    private var retries: RetryBudget
    private var hedges = Hedges()
    private var notices: [Notice] = []

    init(
        _ strategy: LoadBalancing, _ unversioned: UnversionedCalls, _ endpoints: EndpointChoice, seed: UInt64,
        now: Instant
    ) {
        services = ServiceTable(unversioned, endpoints)
        balancer = LoadBalancer(strategy, seed: seed)
        retries = RetryBudget(now: now)
    }

    mutating func takeNotices() -> [Notice] {
        guard !notices.isEmpty else { return [] }
        defer { notices = [] }
        return notices
    }

    // MARK: Services

    /// Takes the registry's list of a service's instances.
    ///
    /// - Returns: The instances that were not in the last list.
    mutating func update(_ service: String, _ instances: [ServiceInstance]) -> [ServiceInstance] {
        services.update(service, instances)
    }

    /// The registry doesn't know a service, or the lookup failed.
    ///
    /// - Parameter isAskedAgain: Whether the registry is asked again at once, for calls that wait.
    mutating func forget(_ service: String, isAskedAgain: Bool) {
        services.remove(service)
        if isAskedAgain { services.askAgain(service) }
    }

    /// Whether the registry knows a service that has had no instance so far.
    func isStillEmpty(_ service: String) -> Bool { services.isStillEmpty(service) }

    // MARK: Choosing

    /// Adds a new call's share to the budgets of retries and hedges.
    mutating func begin(_ call: Call) {
        retries.deposit()
        if call.hedging != nil { hedges.deposit() }
    }

    /// Chooses a peer for a call that is not in flight.
    mutating func choose(for call: Call, at now: Instant, _ peers: borrowing Peers) -> Choice {
        switch call.target {
        case .endpoint(let peer, let version):
            switch services.endpoints.allow(peer) {
            case .endpoint: break
            case .none(let why): return .unauthorized("no call may go to \(peer): \(why)")
            }
            if !call.waitsForReady, peers.isBarred(peer, at: now) { return .unauthorized(Self.refused(peer)) }
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
            case .unauthorized(let why): return .unauthorized(why)
            }
        }
    }

    private mutating func choose(
        among instances: [ServiceInstance], for call: Call, of service: String, at now: Instant,
        _ peers: borrowing Peers
    ) -> Choice {
        guard let index = best(of: instances, for: call, at: now, peers) else {
            // A call that waits gets here only if every instance was asked already: it needs a new one.
            if call.waitsForReady { return .wait(service) }
            if instances.allSatisfy({ peers.isBarred($0.endpoint, at: now) }), let one = instances.first {
                return .unauthorized(Self.refused(one.endpoint))
            }
            return .nobody("none of \(instances.count) instances can be reached")
        }
        let first = instances[index]
        guard !peers.isConnected(first.endpoint, at: now),
            let other = connected(of: instances, for: call, at: now, peers)
        else { return .peer(first.endpoint, first.version, first: first.endpoint) }
        // A connected instance takes the request; an unknown one is connected to meanwhile.
        if !peers.isKnown(first.endpoint) { notices.append(.introduce(first.endpoint)) }
        return .peer(instances[other].endpoint, instances[other].version, first: first.endpoint)
    }

    private static func refused(_ peer: Endpoint) -> String {
        let what = peer.key == nil ? "address" : "key"
        return "\(peer) does not admit this process: its policy has to list our \(what)"
    }

    /// Whether the policy lets calls go to an encrypted endpoint that a registry has told.
    func trusts(_ peer: Endpoint) -> Bool { services.endpoints.trusts(peer) }

    /// Another policy applies from now on.
    mutating func use(_ policy: AccessPolicy) { services.use(policy) }

    /// Chooses again because a peer can't be sent to at once: a connected instance, else the one that was preferred at
    /// first.
    ///
    /// - Returns: Nil if there is none to try instead.
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

    /// Whether a call in flight may move to another instance. That needs another instance and a token of the retry
    /// budget.
    ///
    /// - Parameter outcome: The outcome at its current instance.
    mutating func mayRetry(
        _ call: Call, after outcome: Load.Outcome, at now: Instant, _ peers: borrowing Peers
    ) -> Bool {
        guard case .service(let name, let version) = call.target else { return false }
        if best(of: services.candidates(for: name, version: version), for: call, at: now, peers) != nil {
            return retries.withdraw(now: now)
        }
        // Without another instance, only a call refused by a stopping one goes on, to wait for its successor.
        guard call.waitsForReady, case .draining = outcome else { return false }
        return true
    }

    // MARK: Hedging

    /// Whether a call is hedged now.
    enum Hedge {
        /// By this peer, with the version to ask for.
        case by(Endpoint, Version?)
        /// Not now, but it may be later.
        case later
        case never
    }

    /// How long an instance may take before its call is hedged; nil if the call isn't.
    func hedgeDelay(of call: Call) -> Duration? { hedges.delay(for: call) }

    /// Decides about a call whose instance has taken that long. A hedge needs another instance that is connected, two
    /// instances on which the method is idempotent, and a token of both budgets.
    mutating func hedge(_ call: Call, at now: Instant, _ peers: borrowing Peers) -> Hedge {
        guard case .service(let name, let version) = call.target, let first = call.progress.sentTo,
            !hedges.isResting(name, at: now)
        else { return .never }
        let instances = services.candidates(for: name, version: version)
        guard let index = connected(of: instances, for: call, at: now, peers) else { return .never }
        let second = instances[index]
        if call.isIdempotent == nil {
            let known = [first, second.endpoint].map { ($0, peers.isIdempotent(call.method, at: $0)) }
            if known.contains(where: { $0.1 == false }) { return .never }
            let unknown = known.filter { $0.1 == nil }
            notices += unknown.map { .inspect($0.0) }
            guard unknown.isEmpty else { return .later }
        }
        return hedges.withdraw(&retries, isFirst: !call.progress.hasAskedForHedge, at: now)
            ? .by(second.endpoint, second.version) : .later
    }

    /// The first instance of a call has taken this time, until it has answered or another one has.
    mutating func note(_ time: Duration, of call: Call) { if call.hedging != nil { hedges.note(time, of: call) } }

    /// An instance has refused a call because it is overloaded.
    mutating func noteOverload(of call: Call, at now: Instant) {
        if call.hedging != nil, case .service(let name, _) = call.target { hedges.rest(name, at: now) }
    }

    // MARK: Drawing

    /// The best instance that was not asked yet: a good one, else one that is unresponsive or ejected, because a poor
    /// instance is better than none, else one without a connection. One that is lost counts only if the call may wait.
    ///
    /// Endpoints stand for instances: a call that was refused by a stopping instance ignores one that is started at the
    /// same endpoint. Later calls don't.
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
