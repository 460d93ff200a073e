import Lymph
import Testing

@testable import LymphFleet

@Suite("Addresses in a fleet")
struct FleetAddressTests {
    private func instance(_ port: UInt16, version: Version? = nil) throws -> ServiceInstance {
        ServiceInstance(service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: port), version: version)
    }

    @Test("a version or an address selects among the instances")
    func selects() throws {
        let instances = [
            try instance(1, version: "1.5.0"), try instance(2, version: "2.0.0"), try instance(3),
        ]
        #expect(try FleetAddress("echo").select(instances).count == 3)
        #expect(try FleetAddress("echo@1.2").select(instances).map(\.endpoint.port) == [1])
        let address = try FleetAddress("tcp://127.0.0.1:2")
        #expect(address.service == "lymph")
        #expect(address.select(instances).map(\.endpoint.port) == [2])
    }

    @Test("an invalid address is refused", arguments: ["", "@1", "echo@x", "tcp://nowhere", "http://127.0.0.1:1"])
    func refused(text: String) {
        #expect(throws: FleetFailure.self) { try FleetAddress(text) }
    }

    @Test("a service resolves to its processes, each once; an address need not be registered")
    func endpoints() async throws {
        let registry = StaticRegistry()
        let first = try instance(1, version: "1.5.0")
        for instance in [try instance(2, version: "2.0.0"), first, first] { try await registry.register(instance) }
        #expect(try await FleetAddress("echo").endpoints(in: registry).map(\.port) == [1, 2])
        #expect(try await FleetAddress("echo@2").endpoints(in: registry).map(\.port) == [2])
        #expect(try await FleetAddress("tcp://127.0.0.1:9").endpoints(in: registry).map(\.port) == [9])
        let failure = await #expect(throws: FleetFailure.self) {
            try await FleetAddress("echo@3").endpoints(in: registry)
        }
        #expect(failure?.kind == .notConnected)
    }
}
