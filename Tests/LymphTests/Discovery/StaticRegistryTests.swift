import Lymph
import RegistryBehaviour
import Testing

@Suite(.timeLimit(.minutes(1))) struct StaticRegistryTests {
    @Test func knowsFixedAddresses() async throws {
        let registry = try StaticRegistry([
            "echo": ["tcp://127.0.0.1:4100", "tcp://localhost:4101"], "echo@2": ["tcp://127.0.0.1:4100"], "idle": [],
        ])
        #expect(await registry.services() == ["echo"])
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        let list = try #require(await lists.next())
        #expect(
            list.map(\.endpoint.description)
                == ["tcp://127.0.0.1:4100", "tcp://127.0.0.1:4100", "tcp://127.0.0.1:4101"])
        #expect(list.map(\.version) == [nil, "2.0.0", nil])
        var idle = try await registry.instances(of: "idle").makeAsyncIterator()
        #expect(await idle.next() == [])
    }

    @Test func addsToFixedAddresses() async throws {
        let registry = try StaticRegistry(["echo": ["tcp://127.0.0.1:4100"]])
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        let fixed = try #require(await lists.next())
        try await registry.register(.sample(port: 1))
        #expect(await lists.next() == [try .sample(port: 1)] + fixed)
        await registry.unregister(fixed[0])
        #expect(await lists.next() == [try .sample(port: 1)])
    }

    @Test func refusesBadAddresses() {
        #expect(throws: EndpointError.self) { try StaticRegistry(["echo": ["127.0.0.1:4100"]]) }
        #expect(throws: RegistryError.self) { try StaticRegistry(["": ["tcp://127.0.0.1:4100"]]) }
        #expect(throws: RegistryError.self) { try StaticRegistry(["echo@new": ["tcp://127.0.0.1:4100"]]) }
    }

    /// A stream keeps its registry alive.
    @Test func outlivesItsOwner() async throws {
        var registry: StaticRegistry? = try StaticRegistry(["echo": ["tcp://127.0.0.1:4100"]])
        weak let observed = registry
        var stream: AsyncStream<[ServiceInstance]>? = try await registry?.instances(of: "echo")
        registry = nil
        var lists = stream?.makeAsyncIterator()
        #expect(await lists?.next()?.count == 1)
        #expect(observed != nil)
        stream = nil
        lists = nil
        while observed != nil, !Task.isCancelled { await Task.yield() }
    }
}
