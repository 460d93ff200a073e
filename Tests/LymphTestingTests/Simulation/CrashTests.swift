import Testing
import ZeroMQ

@testable import Lymph
@testable import LymphTesting

/// How long callers wait for a process that has crashed.
@Suite("Simulated crashes", .timeLimit(.minutes(5)))
struct CrashTests {
    private actor Work: Interface {
        let simulation: Simulation

        init(_ simulation: Simulation) { self.simulation = simulation }

        static let routes = Routes<Work> {
            RPC("greet") { _ in }
            RPC("occupy") { work in try await work.simulation.sleep(for: .milliseconds(20)) }
            RPC("rest") { work in try await work.simulation.sleep(for: .seconds(20)) }
        }
    }

    private struct Call: Sendable {
        let isIdempotent: Bool
        let code: LymphError.Code?
        /// After the crash.
        let end: Duration
    }

    /// Crashes one of the nodes while 32 calls are in flight.
    ///
    /// - Parameter pause: When it starts again at its port; nil if it doesn't.
    /// - Returns: How these calls have ended.
    private func crash(isNoticed: Bool, pause: Duration? = nil, nodes count: Int, seed: UInt64) throws -> [Call] {
        let calls = Lock<[Call]>([])
        try simulate(seed) { simulation in
            for number in 0..<count {
                await simulation.node("\(number)") { _ in [.init(as: "work") { _ in Work(simulation) }] }
            }
            let crash = Lock<Duration?>(nil)
            await simulation.client("caller") { client, _ in
                await withDiscardingTaskGroup { group in
                    for number in 0..<32 {
                        let isIdempotent = number % 2 == 0
                        let work = client.proxy("work", timeout: .seconds(60)).with(idempotent: isIdempotent)
                        group.addTask {
                            while crash.withLock(\.self) == nil {
                                var code: LymphError.Code?
                                do { try await work.call("occupy") } catch let error as LymphError {
                                    code = error.code
                                } catch { simulation.fail("\(error)") }
                                guard let time = crash.withLock(\.self) else { continue }
                                let end = simulation.time - time
                                calls.withLock { $0.append(Call(isIdempotent: isIdempotent, code: code, end: end)) }
                            }
                        }
                    }
                    try? await simulation.sleep(for: .milliseconds(300))
                    _ = simulation.node("0")?.crash(isNoticed: isNoticed)
                    crash.withLock { $0 = simulation.time }
                    guard let pause else { return }
                    try? await simulation.sleep(for: pause)
                    await simulation.node("0")?.start(samePort: true)
                }
            }
        }
        return calls.withLock(\.self)
    }

    @Test(
        "calls in flight to a process that has crashed end or are answered elsewhere within 200 ms",
        arguments: [1, 3], Seeds.default(10))
    func process(nodes: Int, seed: UInt64) throws {
        let calls = try crash(isNoticed: true, nodes: nodes, seed: seed)
        #expect(calls.count == 32)
        for call in calls { #expect(call.code == nil || call.code == .connectionLost) }
        #expect(calls.contains { $0.code == .connectionLost })
        let latest = try #require(calls.map(\.end).max())
        #expect(latest < .milliseconds(200))
        // The retry budget suffices for them.
        if nodes > 1 { #expect(calls.allSatisfy { !$0.isIdempotent || $0.code == nil }) }
    }

    @Test(
        "so they do if it was started again at its port before anybody was refused there",
        arguments: [0, 30, 90], Seeds.default(10))
    func restart(pause: Int, seed: UInt64) throws {
        let calls = try crash(isNoticed: true, pause: .milliseconds(pause), nodes: 1, seed: seed)
        #expect(calls.count == 32)
        for call in calls { #expect(call.code == nil || call.code == .connectionLost) }
        #expect(calls.contains { $0.code == .connectionLost })
        let latest = try #require(calls.map(\.end).max())
        #expect(latest < .milliseconds(200))
    }

    @Test("calls outlive their connection if the process does", arguments: Seeds.default(5))
    func connection(seed: UInt64) throws {
        let ends = Lock<[String]>([])
        try simulate(seed) { simulation in
            // What can't be sent for three seconds is as good as lost.
            simulation.connectionCapacity = 32
            await simulation.node("0") { _ in [.init(as: "work") { _ in Work(simulation) }] }
            await simulation.client("caller") { client, process in
                guard let here = process.endpoint, let there = simulation.endpoint(of: "0") else {
                    return simulation.fail("somebody has no endpoint")
                }
                let work = client.proxy("work", timeout: .seconds(60))
                await withDiscardingTaskGroup { group in
                    for _ in 0..<3 {
                        group.addTask {
                            do {
                                try await work.call("rest")
                                ends.withLock { $0.append("answered") }
                            } catch { ends.withLock { $0.append("\(error)") } }
                        }
                    }
                    try? await simulation.sleep(for: .milliseconds(300))
                    let cuts = [Weather.Cut(from: here, to: there), Weather.Cut(from: there, to: here)]
                    simulation.network.change { for cut in cuts { $0.cuts[cut] = 1 } }
                    // TCP gives up after eight seconds, and the caller three seconds later.
                    try? await simulation.sleep(for: .seconds(10))
                    if await client.poller.reaches(there) { simulation.fail("the connection is still there") }
                    simulation.network.change { $0.cuts = [:] }
                }
            }
        }
        #expect(ends.withLock(\.self) == Array(repeating: "answered", count: 3))
    }

    @Test("behind a machine that is gone calls wait as long as for a silent peer", arguments: Seeds.default(5))
    func machine(seed: UInt64) throws {
        let calls = try crash(isNoticed: false, nodes: 1, seed: seed)
        #expect(calls.count == 32)
        let earliest = try #require(calls.filter { $0.code == .connectionLost }.map(\.end).min())
        #expect(earliest > .seconds(3))
    }
}

extension Poller {
    fileprivate func reaches(_ peer: Endpoint) -> Bool { peers.isReachable(peer, at: loop.now) }
}
