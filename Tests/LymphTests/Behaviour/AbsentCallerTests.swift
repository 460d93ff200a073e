import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    /// The connection of a caller is gone while its requests run.
    @Suite("Absent callers", .timeLimit(.minutes(2)))
    struct AbsentCallerTests {
        private static let places: [PeerConfiguration.HandlerExecutor] = [.pool, .poller]

        /// Runs `body` with a service whose method `wait` waits.
        private func withPatient(
            _ medium: Medium, _ place: PeerConfiguration.HandlerExecutor,
            _ body: @Sendable (Fixture, Endpoint, Poller, Patient) async throws -> Void
        ) async throws {
            try await withFixture(medium) { fixture in
                let patient = Patient()
                let container = try fixture.container([.init(as: "patient") { _ in patient }]) {
                    $0.handlerExecutor = place
                }
                try await withServiceContainer(container) { endpoint in
                    try await body(fixture, endpoint, container.client.poller, patient)
                }
            }
        }

        /// Waits until only one request is left, which takes no longer than an absence is tolerated.
        ///
        /// - Parameter pinging: Sends heartbeats meanwhile, as every caller does that waits: a service may learn of a
        ///   connection's end after it has heard from the same caller over the next one.
        private func expectOneLeft(_ poller: Poller, pinging caller: RawPeer? = nil) async throws {
            try await within(AbsentCallers.patience + .milliseconds(10)) {
                try await eventually(within: .seconds(30)) {
                    _ = try await caller?.answersUntilPing()
                    return await poller.runningRequests == 1
                }
            }
        }

        @Test(
            "the requests of a caller that is gone are cancelled, and no others", arguments: Medium.allCases, places)
        func gone(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            try await withPatient(medium, place) { fixture, endpoint, poller, patient in
                let gone = try await RawPeer(fixture, target: endpoint)
                let other = try await RawPeer(fixture, target: endpoint)
                for id in ["a", "b"] { try await gone.request("patient.wait", ["name": .string(id)], id: id) }
                try await other.request("patient.wait", ["name": "c"], id: "c")
                try await eventually { await poller.runningRequests == 3 }
                await gone.close()
                try await expectOneLeft(poller)
                #expect(await Set(patient.ends) == ["a cancelled", "b cancelled"])
                try await other.request("patient.release", [:], id: "release")
                let answers = await [other.next(), other.next()]
                #expect(Set(answers.map(\.subject)) == ["c", "release"])
                #expect(await patient.ends.last == "c finished")
                await other.close()
            }
        }

        @Test("a client that ends gives up its calls, and other clients' calls go on", arguments: Medium.allCases)
        func client(_ medium: Medium) async throws {
            try await withPatient(medium, .pool) { fixture, endpoint, poller, patient in
                try await withClient(fixture.client()) { client in
                    let lasting = client.proxy(endpoint.description, interface: "patient", timeout: .seconds(300))
                    let other = lasting.defer("wait", name: "other")
                    try await withClient(fixture.client()) { client in
                        let proxy = client.proxy(endpoint.description, interface: "patient", timeout: .seconds(300))
                        _ = proxy.defer("wait", name: "gone")
                        try await eventually { await poller.runningRequests == 2 }
                    }
                    try await expectOneLeft(poller)
                    #expect(await patient.ends == ["gone cancelled"])
                    await patient.release()
                    #expect(try await other.value == "finished")
                }
            }
        }

        @Test(
            "a caller whose connection breaks and is back in three seconds loses nothing", arguments: Medium.allCases,
            places)
        func back(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            try await withPatient(medium, place) { fixture, endpoint, poller, patient in
                let back = try await RawPeer(fixture, target: endpoint)
                let gone = try await RawPeer(fixture, target: endpoint)
                try await back.request("patient.wait", ["name": "back"], id: "back")
                try await gone.request("patient.wait", ["name": "gone"], id: "gone")
                try await eventually { await poller.runningRequests == 2 }
                await back.disconnect()
                if medium == .inMemory { try await TestTime.sleep(for: .milliseconds(2990)) }
                try await back.reconnect()
                // The first ping after that.
                if medium == .inMemory { try await TestTime.sleep(for: Health.pingInterval) }
                try await back.request("lymph.ping", [:], id: "ping")
                #expect(await back.next().subject == "ping")
                // The other one leaves later, and is cancelled later.
                await gone.close()
                try await expectOneLeft(poller, pinging: back)
                #expect(await patient.ends == ["gone cancelled"])
                try await back.request("patient.release", [:], id: "release")
                let answers = await [back.next(), back.next()]
                #expect(Set(answers.map(\.subject)) == ["back", "release"])
                await back.close()
            }
        }
    }
}

/// Its method waits until it is released or cancelled.
private actor Patient: Interface {
    private let going = ShutdownSignal()
    private(set) var ends: [String] = []

    init() {}

    func release() { going.trigger() }

    static let routes = Routes<Patient> {
        RPC("wait", "name") { (patient, name: String) in
            await patient.going.wait()
            let end = Task.isCancelled ? "cancelled" : "finished"
            patient.ends.append("\(name) \(end)")
            return end
        }
        RPC("release") { patient in patient.release() }
    }
}
