import Lymph
import Testing

@testable import LymphFleet

@Suite("Which logs are read")
struct TailTargetsTests {
    private func instance(_ port: UInt16, log: String?, version: Version? = nil) throws -> ServiceInstance {
        var instance = ServiceInstance(
            service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: port), version: version)
        instance.logEndpoint = log
        return instance
    }

    private let log1 = "tcp://127.0.0.1:5001"
    private let log2 = "tcp://127.0.0.1:5002"

    @Test("the logs of the current instances are read")
    func follows() throws {
        var targets = TailTargets()
        let echo = try FleetAddress("echo")
        let first = try instance(1, log: log1)
        let second = try instance(2, log: log2)
        #expect(targets.update(echo, [first]) == .init(connect: [log1]))
        #expect(targets.update(echo, [first, second]) == .init(connect: [log2]))
        #expect(targets.publisher(at: log2)?.endpoint == second.endpoint)
        #expect(targets.update(echo, [second]) == .init(disconnect: [log1]))
        #expect(targets.publisher(at: log1) == nil)
        #expect(!targets.isSilent(echo))
        #expect(targets.update(echo, []) == .init(disconnect: [log2]))
        #expect(targets.isSilent(echo))
    }

    @Test("one log of several services is read once, until the last of them is gone")
    func shared() throws {
        var targets = TailTargets()
        let echo = try FleetAddress("echo")
        let other = try FleetAddress("other")
        let process = try instance(1, log: log1)
        #expect(targets.update(echo, [process]) == .init(connect: [log1]))
        #expect(targets.update(other, [process, process]) == .init())
        #expect(targets.publisher(at: log1)?.services == ["echo", "other"])
        #expect(targets.update(echo, []) == .init())
        #expect(targets.update(other, []) == .init(disconnect: [log1]))
    }

    @Test(
        "a log address that is not an endpoint is not connected to",
        arguments: [nil, "", "ipc:///tmp/x", "tcp://127.0.0.1"])
    func strange(log: String?) throws {
        var targets = TailTargets()
        let echo = try FleetAddress("echo")
        #expect(targets.update(echo, [try instance(1, log: log)]) == .init())
        #expect(targets.isSilent(echo))
    }
}
