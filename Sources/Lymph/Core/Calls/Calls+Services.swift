/// What the registry and the policy say about services.
extension Calls {
    /// Another policy applies from now on.
    mutating func use(_ policy: AccessPolicy) { choice.use(policy) }

    /// Whether the policy lets calls go to an encrypted endpoint that a registry has told.
    func mayGo(to peer: Endpoint) -> Bool { choice.trusts(peer) }

    /// Takes the registry's list of a service's instances, the first one or a change.
    ///
    /// - Returns: The calls that were waiting for it, for ``route(_:at:_:)``, and the instances that were not in the
    ///   last list.
    mutating func update(
        _ service: String, _ instances: [ServiceInstance]
    ) -> (waiting: [UInt128], new: [ServiceInstance]) {
        let new = choice.update(service, instances)
        return (waiting(for: service), new)
    }

    /// Other services have had their time to start: ends the calls that wait only for this.
    mutating func endStartup() -> [CallEnd] {
        isStarting = false
        return table.ids { !$0.waitsForReady }.compactMap { id in
            guard case .unregistered(_, let error)? = table[id]?.progress.phase else { return nil }
            return table.take(id).map { CallEnd($0, throwing: error) }
        }
    }

    /// The registry doesn't know a service, or the lookup failed. The next call asks again.
    ///
    /// - Parameter mayCome: Whether the service may still be registered, so that calls can wait for that.
    /// - Returns: The calls that end, and whether others wait for the service to be registered.
    mutating func lookupFailed(
        _ service: String, _ error: LymphError, mayCome: Bool
    ) -> (ends: [CallEnd], isWaitedFor: Bool) {
        var ends: [CallEnd] = []
        var isWaitedFor = false
        for call in waiting(for: service).compactMap({ table[$0] }) {
            if mayCome, isStarting || call.waitsForReady {
                isWaitedFor = true
                call.progress.phase = .unregistered(service, error)
            } else if table.take(call.id) != nil {
                ends.append(CallEnd(call, throwing: error))
            }
        }
        choice.forget(service, isAskedAgain: isWaitedFor)
        return (ends, isWaitedFor)
    }

    /// The calls waiting for the registry's list. O(n), which is fine because lists change rarely.
    private func waiting(for service: String) -> [UInt128] {
        table.ids { $0.progress.awaitedService == service }
    }
}
