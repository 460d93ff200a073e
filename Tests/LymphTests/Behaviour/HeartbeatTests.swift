import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    /// Which peers are pinged, and what follows from it.
    @Suite("Heartbeats")
    struct Heartbeats {
        @Test("a peer that a call waits for is pinged, and its answers count", arguments: Medium.allCases)
        func pings(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let service = try await RawService(fixture)
                try await withClient(fixture.client()) { client in
                    let raw = client.proxy(service.endpoint.description, interface: "raw", timeout: .seconds(300))
                    let call: Task<String, any Error> = raw.defer("slow")
                    let id = await service.nextID()
                    let me = try #require(await client.poller.endpoint)
                    for _ in 0..<2 {
                        let ping = await within(Health.pingInterval) { await service.nextID(orPing: true) }
                        try await service.send(RawService.reply(to: ping, ""), to: me)
                    }
                    try await eventually { await client.poller.summary(of: service.endpoint)?.roundTrip != nil }
                    #expect(await client.poller.summary(of: service.endpoint)?.state == .responsive)
                    try await service.send(RawService.reply(to: id, "done"), to: me)
                    let text = try await call.value
                    #expect(text == "done")
                    #expect(await client.poller.statistics.dropped(.unknownReply) == 0)
                }
                await service.close()
            }
        }

        @Test("a method that blocks its thread does not make its service look dead")
        func busy() async throws {
            let service = EchoService()
            try await withEcho(.zeroMQ, interfaces: [.init(as: "echo") { _ in service }]) { client, container in
                defer { service.letGo() }
                let blocked = client.proxy("echo", timeout: .seconds(300)).defer("block")
                let endpoint = try await container.endpoint
                // Until it would have looked dead, if the pings of that time had not been answered.
                try await eventually {
                    await client.poller.summary(of: endpoint)?.roundTrip != nil
                }
                try await Task.sleep(for: Health.silence)
                #expect(await client.poller.summary(of: endpoint)?.state == .responsive)
                service.letGo()
                _ = try await blocked.value
            }
        }

        @Test(
            "only the answer to a ping tells the age of the process, with interceptors, too",
            arguments: Medium.allCases, [false, true])
        func age(_ medium: Medium, isIntercepted: Bool) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container {
                    if isIntercepted { $0.serviceInterceptors = [Pretender()] }
                }
                try await withServiceContainer(container) { endpoint in
                    let peer = try await RawPeer(fixture, target: endpoint)
                    try await TestTime.sleep(for: .milliseconds(20))
                    // The second has wrong arguments.
                    for body in [[:], ["load": 1]] as [Value] {
                        try await peer.request("lymph.ping", body, id: "ping")
                        let age = await peer.next().headers["age_ms"]?.intValue ?? -1
                        #expect(medium == .inMemory ? age == 20 : age >= 20)
                    }
                    for subject in ["lymph.status", "lymph.pong", "echo.count"] {
                        try await peer.request(subject, [:], id: subject)
                        let answer = await peer.next()
                        #expect(answer.subject == subject)
                        #expect(answer.headers["age_ms"] == (isIntercepted ? "mine" : nil))
                    }
                    await peer.close()
                }
            }
        }

        @Test("lymph.status reports the connections", arguments: Medium.allCases)
        func status(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let container = try fixture.container()
            try await withServiceContainer(container) { endpoint in
                let other = try fixture.container([.init(EchoService.self, as: "other")])
                try await withServiceContainer(other) { asked in
                    let echo = other.client.proxy("echo")
                    let _: String = try await echo.upper(text: "a")
                    let status = try await other.client.proxy(asked.description, interface: "lymph").status()
                    let connections = try #require(status["connections"]?.arrayValue)
                    let known = try #require(connections.first { $0["endpoint"]?.stringValue == endpoint.description })
                    #expect(known["state"] == "responsive")
                    #expect(known["outstanding"] == 0)
                    #expect(known["waiting"] == 0)
                    let metrics = try await other.client.proxy(asked.description, interface: "lymph").get_metrics()
                    #expect(metrics.arrayValue?.isEmpty == false)
                }
            }
        }
    }
}

/// Gives answers a header that isn't its business.
private struct Pretender: ServiceInterceptor {
    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        let answer = await next()
        try? request.setReplyHeader("age_ms", "mine")
        return answer
    }
}

extension RawService {
    /// The frames of a reply.
    static func reply(to id: String, _ text: String) throws -> [[UInt8]] {
        [
            Array("0123456789abcdef0123456789abcdef".utf8), Array("REP".utf8), Array(id.utf8), [0x80],
            try Value.string(text).encoded(),
        ]
    }
}
