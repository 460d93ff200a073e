import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    /// One request is withdrawn while others are handled.
    @Suite("Cancellation of one request", .timeLimit(.minutes(1)))
    struct CancellationTests {
        private static let places: [PeerConfiguration.HandlerExecutor] = [.pool, .poller]

        @Test(
            "its task is cancelled and not answered; no other request is affected, then or later",
            arguments: Medium.allCases, places)
        func one(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            let fixture = Fixture(medium)
            let container = try fixture.container([.init(Patient.self, as: "patient")]) { $0.handlerExecutor = place }
            try await withServiceContainer(container) { endpoint in
                let poller = container.client.poller
                let peer = try await RawPeer(fixture, target: endpoint)
                for id in ["a", "b", "c"] { try await peer.request("patient.wait", ["name": .string(id)], id: id) }
                try await eventually { await poller.runningRequests == 3 }
                try await peer.cancel("b")
                try await eventually { await poller.runningRequests == 2 }
                // Requests that have ended, were never there, or belong to another peer.
                try await peer.cancel("b")
                try await peer.cancel("x")
                let other = try await RawPeer(fixture, target: endpoint)
                try await other.cancel("a")
                _ = try await other.answersUntilPing()
                await other.close()
                // More than there are waiting workers.
                for number in 0..<50 {
                    try await peer.request("patient.is_cancelled", [:], id: "\(number)")
                    let answer = await peer.next()
                    #expect(answer.subject == "\(number)")
                    #expect(answer.body == false)
                }
                try await peer.request("patient.release", [:], id: "release")
                let rest = await [peer.next(), peer.next(), peer.next()]
                #expect(Set(rest.map(\.subject)) == ["a", "c", "release"])
                #expect(rest.filter { $0.subject != "release" }.allSatisfy { $0.body == "finished" })
                #expect(await poller.runningRequests == 0)
                await peer.close()
            }
        }
    }
}

/// Its methods wait until they are released or cancelled.
private actor Patient: Interface {
    private var waiting: [String: CheckedContinuation<Void, Never>] = [:]

    init() {}

    func wait(_ name: String) async -> String {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[name] = $0 }
        } onCancel: {
            Task { await self.release(name) }
        }
        return Task.isCancelled ? "cancelled" : "finished"
    }

    private func release(_ name: String) { waiting.removeValue(forKey: name)?.resume() }

    func release() {
        for continuation in waiting.values { continuation.resume() }
        waiting = [:]
    }

    static let routes = Routes<Patient> {
        RPC("wait", "name") { patient, name in await patient.wait(name) }
        RPC("is_cancelled") { _ in Task.isCancelled }
        RPC("release") { patient in patient.release() }
    }
}
