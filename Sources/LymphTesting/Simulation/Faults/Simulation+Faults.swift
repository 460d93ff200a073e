internal import Lymph
internal import ZeroMQ

/// Carries out faults.
extension Simulation {
    /// Runs `body` while things go wrong; returns when it has ended and nothing is wrong any more.
    ///
    /// - Parameters:
    ///   - plan: What goes wrong.
    ///   - time: Within which time the faults begin.
    ///   - body: What goes on meanwhile: the calls, for example.
    public func disturb(
        with plan: FaultPlan = .swarm, for time: Duration, _ body: @escaping @Sendable () async -> Void
    ) async {
        choose(plan, within: time)
        await withDiscardingTaskGroup { group in
            for number in faults.indices { group.addTask { await self.carryOut(number) } }
            group.addTask { await body() }
        }
        await heal()
    }

    private func carryOut(_ number: Int) async {
        guard (try? await scheduler.sleep(for: faults[number].start)) != nil else { return }
        let fault = chooseVictims(ofFault: number)
        note("fault: \(fault.text), for \(fault.duration)")
        sometimes("fault \(fault.kind.name)")
        let first = fault.victims.first ?? ""
        switch fault.kind {
        case .loss(let share): await change(for: fault.duration, { $0.loss += share }, { $0.loss -= share })
        case .duplication(let share):
            await change(for: fault.duration, { $0.duplication += share }, { $0.duplication -= share })
        case .delay(let most):
            let extra = Int(most / .microseconds(1))
            await change(for: fault.duration, { $0.mostMicroseconds += extra }, { $0.mostMicroseconds -= extra })
        case .partition(let isOneWay):
            guard let from = process(first)?.endpoint, let to = process(fault.victims.last ?? "")?.endpoint, from != to
            else { return }
            var cuts = [Weather.Cut(from: from, to: to)]
            if !isOneWay { cuts.append(Weather.Cut(from: to, to: from)) }
            await change(for: fault.duration) { [cuts] in
                for cut in cuts { $0.cuts[cut, default: 0] += 1 }
            } _: { [cuts] in
                for cut in cuts { $0.cuts[cut, default: 0] -= 1 }
            }
        case .slowReader:
            guard let endpoint = process(first)?.endpoint else { return }
            await change(
                for: fault.duration, { $0.slowReaders[endpoint, default: 0] += 1 },
                { $0.slowReaders[endpoint, default: 0] -= 1 })
        case .freeze: process(first)?.freeze(for: fault.duration)
        case .crash(let isNoticed, let samePort):
            guard let node = node(first), node.crash(isNoticed: isNoticed) else { return }
            try? await scheduler.sleep(for: fault.duration)
            await node.start(samePort: samePort)
        case .restart(let samePort):
            guard let node = node(first), await node.stop() else { return }
            await node.start(samePort: samePort)
        case .expiry: node(first)?.expireSession(for: fault.duration)
        case .lateRegistry(let most):
            let extra = Int(most / .microseconds(1))
            registry.mostMicroseconds += extra
            try? await scheduler.sleep(for: fault.duration)
            registry.mostMicroseconds -= extra
        case .jump: scheduler.jump(by: fault.duration)
        }
    }

    private func change(
        for duration: Duration, _ begin: (inout Weather) -> Void, _ end: (inout Weather) -> Void
    ) async {
        network.change(begin)
        try? await scheduler.sleep(for: duration)
        network.change(end)
    }

    /// Ends all faults: every process runs, every connection works.
    public func heal() async {
        network.change { $0 = Weather() }
        registry.mostMicroseconds = 2000
        for node in nodes { await node.recover() }
        note("healed")
    }
}
