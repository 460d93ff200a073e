internal import Lymph

/// The end of a test: what it has left behind, and stopping the services.
extension TestNetwork {
    /// Stops everything, and gives the test's result the problems that were found.
    ///
    /// - Parameters:
    ///   - stall: What the watchdog has found.
    ///   - patience: How long, in real time, services may take to stop that wait for something outside.
    func end<R>(_ result: Result<R, any Error>, _ stall: String?, patience: Duration) async throws -> R {
        await clock.settle()
        var problems = stall.map { [$0] } ?? []
        // A test that has failed had no time to clean up.
        if case .success = result { problems += leaks }
        problems += await stop(patience)
        problems += strangers.problems + mocks.flatMap(\.problems)
        for mock in mocks { mock.removeAll() }
        strangers.removeAll()
        await clock.settle()
        switch result {
        case .success(let value):
            guard problems.isEmpty else { throw TestFailure(problems) }
            return value
        case .failure(let error):
            guard !problems.isEmpty else { throw error }
            // The watchdog itself has cancelled the test.
            let isConsequence = stall != nil && error is CancellationError
            throw TestFailure(problems, after: isConsequence ? nil : error)
        }
    }

    /// The calls and requests that have not ended.
    private var leaks: [String] {
        let now = clock.now
        let calls = log.calls.filter { $0.result == nil }
        let called = Set(calls.map(\.subject))
        let requests = log.running.filter { !called.contains($0.subject) }
        return calls.map { call in
            let time = call.time.duration(to: now).text
            return
                "when the test ended, \(call.caller) was still waiting for \(call.subject)\(call.arguments), for \(time)"
        }
            + requests.map { request in
                let time = request.time.duration(to: now).text
                return "when the test ended, \(request.subject)\(request.arguments) was still running, for \(time)"
            }
    }

    private func stop(_ patience: Duration) async -> [String] {
        let services = services
        for service in services { service.container.beginGracefulShutdown() }
        var problems = await wait(for: services.map(\.node), patience) { index in
            services[index].container.progress.obstacle
        }
        for mock in mocks { for instance in mock.instances { instance.container.beginGracefulShutdown() } }
        client.beginGracefulShutdown()
        problems += await wait(for: background, patience) { _ in "it has not ended" }
        return problems
    }

    /// Waits until all have ended, or nothing happens any more for longer than the patience.
    private func wait(
        for nodes: [Node], _ patience: Duration, _ obstacle: (Int) -> String
    ) async -> [String] {
        // As long as anybody takes to stop who isn't stuck, and more.
        let limit = services.map(\.container.client.configuration.drainTimeout).reduce(.zero, max) + .seconds(60)
        let end = Task(executorPreference: clock.scheduler.executor) { [clock] in
            guard (try? await clock.scheduler.sleep(for: limit)) != nil else { return }
            clock.setEnding(false)
        }
        clock.setEnding(true)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for node in nodes { await node.wait() } }
            // They may be waiting for something that isn't in the time of the network.
            group.addTask { [clock, log] in
                try? await Stillness(clock: clock, log: log, patience: patience).wait()
            }
            await group.next()
            group.cancelAll()
        }
        clock.setEnding(false)
        end.cancel()
        return nodes.enumerated().compactMap { index, node in
            guard node.hasEnded else {
                node.cancel()
                return "\(node.name) could not be stopped: \(obstacle(index))"
            }
            return node.error.flatMap { $0 is CancellationError ? nil : "\(node.name) failed: \($0)" }
        }
    }
}
