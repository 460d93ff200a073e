internal import Lymph
internal import LymphTesting
internal import MessagePack

/// A process that calls services.
final class Caller: @unchecked Sendable {  // Used only in turns of the simulation.
    private let name: String
    private let simulation: Simulation
    private let history: History
    private let isStoppedEarly: Bool
    private var client: Client?

    init(_ name: String, _ simulation: Simulation, _ history: History) {
        self.name = name
        self.simulation = simulation
        self.history = history
        isStoppedEarly = simulation.chance(0.1)
    }

    private var configuration: PeerConfiguration {
        var configuration = PeerConfiguration()
        configuration.loadBalancing = simulation.chance(0.5) ? .random : .powerOfTwoChoices
        configuration.startupGrace = simulation.chance(0.5) ? .zero : .seconds(2)
        return configuration
    }

    /// Makes calls of all kinds, some of them at the same time.
    func run() async {
        let calls = simulation.draw(in: isAboutStopping ? 4...5 : 2...3)
        await simulation.client(name, configuration: configuration) { [self] client, _ in
            self.client = client
            await withDiscardingTaskGroup { group in
                if isStoppedEarly {
                    group.addTask {
                        try? await self.simulation.sleep(for: .milliseconds(self.simulation.draw(in: 0...3000)))
                        client.beginGracefulShutdown()
                    }
                }
                for _ in 0..<calls {
                    // Some come together.
                    let pause =
                        simulation.chance(isAboutStopping ? 0.7 : 0.3)
                        ? 0 : simulation.draw(in: 1...900)
                    try? await simulation.sleep(for: .milliseconds(pause))
                    group.addTask { await self.call(client) }
                }
            }
        }
    }

    /// Makes calls that must succeed, because nothing is wrong any more: to anybody, and to one of the nodes.
    func runAfterwards() async {
        guard !isStoppedEarly, let client else { return }
        let nodes = simulation.nodes.map(\.name)
        for node in [nil, nodes[simulation.draw(in: 0...nodes.count - 1)]] {
            let number = history.begin(
                "work at \(node ?? "any node") by \(name) afterwards", isIdempotent: false, timeout: .seconds(5))
            let address = node.flatMap { simulation.endpoint(of: $0) }
            let proxy = client.proxy(address?.description ?? "work", interface: "work", timeout: .seconds(5))
            await history.follow(number) {
                do { try await proxy.call("work", call: number) } catch {
                    simulation.fail("call \(number) fails although nothing is wrong any more: \(error)")
                    throw error
                }
            }
        }
    }

    private func call(_ client: Client) async {
        let methods = methods
        let method = methods[simulation.draw(in: 0...methods.count - 1)]
        let timeout = simulation.draw(in: isAboutStopping ? 2000...4000 : 30...4000)
        let hedge = hedge
        // Some rely on what the method says of itself.
        let isTold = hedge == nil || !method.isDeclaredIdempotent || simulation.chance(0.5)
        let isIdempotent = !isTold || simulation.chance(isAboutStopping ? 0.2 : 0.5)
        let address = simulation.chance(0.15) ? simulation.endpoint(of: "a") : nil
        let proxy = client.proxy(
            address?.description ?? "work", interface: "work", timeout: .milliseconds(timeout)
        ).with(
            waitForReady: simulation.chance(0.3), idempotent: isTold ? isIdempotent : nil, hedge: hedge)
        let number = history.begin(
            "\(method) by \(name)", isIdempotent: isIdempotent, timeout: .milliseconds(timeout))
        let cancelTime = simulation.chance(0.15) ? simulation.draw(in: 0...timeout) : nil
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.history.follow(number) { try await method.call(proxy, number, self) } }
            guard let cancelTime else { return }
            try? await simulation.sleep(for: .milliseconds(cancelTime))
            history.cancel(number)
            group.cancelAll()
        }
    }

    /// When the next call is sent to a second node; nil if never.
    private var hedge: Hedging? {
        guard simulation.chance(0.3) else { return nil }
        return simulation.chance(0.2) ? .afterPercentile(90) : .after(.milliseconds(simulation.draw(in: 0...200)))
    }

    /// Whether the fleet is about answers that wait while services stop: many calls that take a while.
    private var isAboutStopping: Bool { history.loss == .requestsOfStopped }

    private var methods: [Method] {
        switch history.loss {
        case .anything: Method.allCases
        case .requestsOfStopped: [.slow, .slow, .work, .twice]
        case .nothing: Method.allCases.filter { $0 != .block }
        }
    }

    private enum Method: CaseIterable {
        case work, slow, hang, block, declared, undeclared, large, relay, ack, keep, answerKept, twice, forget

        var isDeclaredIdempotent: Bool { self == .slow || self == .hang }

        func call(_ proxy: Proxy, _ number: Int, _ caller: Caller) async throws {
            switch self {
            case .work: try await proxy.call("work", call: number)
            case .slow:
                let longest = caller.isAboutStopping ? 600 : 3000
                try await proxy.call("slow", call: number, milliseconds: caller.simulation.draw(in: 1...longest))
            case .hang: try await proxy.call("hang", call: number)
            case .block:
                try await proxy.call("block", call: number, milliseconds: caller.simulation.draw(in: 1...1500))
            case .declared: try await proxy.call("declared", call: number)
            case .undeclared: try await proxy.call("undeclared", call: number)
            case .large: try await proxy.call("large", call: number, size: 5000)
            case .relay: try await caller.relay(proxy, number)
            case .ack: try await proxy.call("ack", call: number)
            case .keep: try await proxy.call("keep", call: number)
            case .answerKept: try await proxy.call("answer_kept", call: number)
            case .twice: try await proxy.call("twice", call: number)
            case .forget: try await proxy.call("forget", call: number)
            }
        }
    }

    /// The inner call is made only if the outer one is executed, maybe more than once, so it has no record of its own
    /// for each.
    private func relay(_ proxy: Proxy, _ number: Int) async throws {
        let timeout = simulation.draw(in: 30...2000)
        try await proxy.call("relay", call: number, timeout: timeout)
    }
}

extension History {
    /// Makes a call and records how it ends.
    func follow(_ number: Int, _ call: () async throws -> some Sendable) async {
        do {
            _ = try await call()
            end(number, .answered)
        } catch is RemoteError {
            end(number, .answered)
        } catch is CancellationError {
            end(number, .cancelled)
        } catch let error as LymphError {
            end(number, .error(error.code, error.execution))
        } catch {
            end(number, .cancelled)
        }
    }
}
