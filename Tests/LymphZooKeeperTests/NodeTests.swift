import Foundation
import Lymph
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

/// The nodes that registries and others create, and what happens to them.
@Suite(.needsZooKeeper, .timeLimit(.minutes(2))) struct NodeTests {
    private let chroot = "/test-\(UUID().uuidString)"
    private var echo: String { "\(chroot)/services/echo" }

    private func registry() async throws -> ZooKeeperRegistry {
        try await ZooKeeperServer.shared().registry(chroot: chroot)
    }

    @Test func areAsPythonHasThem() async throws {
        let registry = try await registry()
        let instance = try ServiceInstance.sample(id: "x")
        try await registry.register(instance)
        let node = try await registry.look(at: "\(echo)/x")
        #expect(Array(node.text.utf8) == instance.json())
        #expect(await node.owner == registry.session.current)
        for path in [chroot, "\(chroot)/services", echo] {
            let node = try await registry.look(at: path)
            #expect(node == ("", 0))
        }
    }

    /// A killed process has left its node, and the next process has the same endpoint.
    @Test func ofAnEarlierProcessIsReplaced() async throws {
        let (dead, living) = (try await registry(), try await registry())
        var instance = try ServiceInstance.sample(id: "x")
        instance.others = ["note": .string("old")]
        try await dead.put("\(echo)/x", String(decoding: instance.json(), as: UTF8.self))
        instance.others = [:]
        try await living.register(instance)
        let node = try await living.look(at: "\(echo)/x")
        #expect(Array(node.text.utf8) == instance.json())
        #expect(await node.owner == living.session.current)
    }

    @Test func ofAStrangerIsLeftAlone() async throws {
        let (stranger, registry) = (try await registry(), try await registry())
        var other = try ServiceInstance.sample(port: 1, id: "x")
        other.hostname = "elsewhere"
        try await stranger.register(other)
        let mine = try ServiceInstance.sample(port: 2, id: "x")
        let error = try await #require(throws: RegistryError.self) { try await registry.register(mine) }
        #expect(error.code == .registrationFailure)
        for part in ["\(echo)/x", "tcp://127.0.0.1:1", "elsewhere", "session 0x"] {
            #expect(error.message.contains(part), "\(error)")
        }
        // Nor is it withdrawn.
        await registry.unregister(mine)
        #expect(try await registry.versions(of: "echo") == ["1.5.0"])
        await stranger.close()
        try await registry.register(mine)
        #expect(try await registry.look(at: "\(echo)/x").owner == registry.session.current)
    }

    /// With an address like 127.0.0.1, instances on several machines have the same endpoint.
    @Test func ofAnotherMachineWithOurAddressIsLeftAlone() async throws {
        let (stranger, registry) = (try await registry(), try await registry())
        var instance = try ServiceInstance.sample(id: "x")
        instance.hostname = "elsewhere"
        try await stranger.register(instance)
        instance.hostname = "here"
        let error = try await #require(throws: RegistryError.self) { try await registry.register(instance) }
        #expect(error.code == .registrationFailure)
    }

    @Test func thatBelongsToNoSessionIsReplaced() async throws {
        let registry = try await registry()
        try await registry.register(.sample(id: "y"))
        _ = try await registry.ask(.createParent("\(echo)/x"), until: registry.newDeadline())
        try await registry.register(.sample(id: "x"))
        #expect(try await registry.look(at: "\(echo)/x").owner == registry.session.current)
    }

    @Test func thatSomebodyRemovesComesBack() async throws {
        let records = LogRecords()
        let registry = try await ZooKeeperServer.shared().registry(chroot: chroot, logger: records.logger)
        let other = try await self.registry()
        try await registry.register(.sample(id: "x"))
        for count in 1...3 {
            try await other.remove("\(echo)/x")
            try await eventually("the node stays away") { (try? await other.look(at: "\(echo)/x")) != nil }
            // The reply reaches the registry after the node is there.
            try await eventually("nothing is said") {
                records.all.filter { $0 == "info: the registration of echo is back" }.count == count
            }
        }
        let warnings = records.all.filter { $0.hasPrefix("warning") }
        #expect(
            warnings
                == Array(
                    repeating: "warning: the registration of echo is gone (its node was deleted); registering again",
                    count: 3))
        await registry.unregister(try .sample(id: "x"))
        let error = await #expect(throws: RegistryError.self) { try await other.look(at: "\(echo)/x") }
        #expect(error?.cause as? ZooKeeperError == .noNode)
    }

    @Test func thatGoesWithItsSessionComesBack() async throws {
        let records = LogRecords()
        let registry = try await ZooKeeperServer.shared().registry(chroot: chroot, logger: records.logger)
        try await registry.register(.sample(id: "x"))
        try await registry.expireSession()
        try await eventually("nothing is said") { records.all.contains("info: the registration of echo is back") }
        #expect(
            records.all.contains(
                "warning: the registration of echo is gone (the session has ended); registering again"))
    }

    /// Otherwise clients of the service would find somebody else.
    @Test func thatSomebodyChangesIsReplaced() async throws {
        let records = LogRecords()
        let registry = try await ZooKeeperServer.shared().registry(chroot: chroot, logger: records.logger)
        let other = try await self.registry()
        let instance = try ServiceInstance.sample(id: "x")
        try await registry.register(instance)
        try await other.overwrite("\(echo)/x", #"{"endpoint": "tcp://127.0.0.1:9"}"#)
        try await eventually("the node stays as it is") {
            (try? await other.look(at: "\(echo)/x"))?.text == String(decoding: instance.json(), as: UTF8.self)
        }
        try await eventually("nothing is said") { records.all.contains("info: the registration of echo is back") }
        #expect(
            records.all.contains(
                "warning: the registration of echo is gone (its node was changed); registering again"))
    }

    /// Frequent changes cost neither a log line nor a request each.
    @Test func thatSomebodyChangesAllTheTimeCostsLittle() async throws {
        let records = LogRecords()
        let registry = try await ZooKeeperServer.shared().registry(chroot: chroot, logger: records.logger)
        let other = try await self.registry()
        let instance = try ServiceInstance.sample(id: "x")
        try await registry.register(instance)
        let start = ContinuousClock.now
        var changes = 0
        while ContinuousClock.now - start < .seconds(1) {
            // It may be absent at this moment.
            for _ in 1...10 { try await other.overwrite("\(echo)/x", "\(changes)") }
            _ = try? await other.look(at: "\(echo)/x")
            changes += 10
        }
        try await eventually("the node stays as it is") {
            (try? await other.look(at: "\(echo)/x"))?.text == String(decoding: instance.json(), as: UTF8.self)
        }
        let tenths = (ContinuousClock.now - start) / .milliseconds(100)
        #expect(Double(records.all.filter { $0.hasPrefix("warning") }.count) <= tenths + 1)
    }

    /// A stranger may change its node before leaving.
    @Test func ofAStrangerIsTakenOverWhenItGoes() async throws {
        let (stranger, registry) = (try await registry(), try await registry())
        let mine = try ServiceInstance.sample(port: 2, id: "x")
        try await registry.register(mine)
        var other = try ServiceInstance.sample(port: 1, id: "x")
        other.hostname = "elsewhere"
        let document = String(decoding: other.json(), as: UTF8.self)
        // The registry may be faster.
        try await eventually("the node can't be had") {
            try? await stranger.remove("\(echo)/x")
            return (try? await stranger.put("\(echo)/x", document)) != nil
        }
        try await eventually("nothing is said") { await registry.registrations.values.first?.problem != nil }
        try await stranger.overwrite("\(echo)/x", "{}")
        _ = try await stranger.look(at: "\(echo)/x")
        try await eventually("the change goes unnoticed") {
            await registry.registrations.values.first?.problem?.contains("unusable") == true
        }
        await stranger.close()
        try await eventually("the node stays away") {
            (try? await registry.look(at: "\(echo)/x"))?.text == String(decoding: mine.json(), as: UTF8.self)
        }
    }

    /// Unusable nodes must not hide usable ones.
    @Test func thatAreUnusableAreIgnored() async throws {
        let (registry, other) = (try await registry(), try await registry())
        for (index, text) in ["", "{", "[1]", "{\"endpoint\": 1}", "{\"endpoint\": \"udp://a:1\"}"].enumerated() {
            try await other.put("\(echo)/bad-\(index)", text)
        }
        try await other.put("\(echo)/good", "{\"endpoint\": \"tcp://10.0.0.1:4100\", \"colour\": \"green\"}")
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        let list = try #require(await lists.next())
        #expect(list.map(\.id) == ["good"])
        #expect(list.first?.endpoint.description == "tcp://10.0.0.1:4100")
        try await other.put("\(echo)/none", "\u{0}\u{1}")
        try await other.put("\(echo)/other", "{\"endpoint\": \"tcp://10.0.0.2:4100\"}")
        #expect(await lists.next(ids: ["good", "other"]) != nil)
    }

    @Test func mayGoWithTheirService() async throws {
        let (registry, other) = (try await registry(), try await registry())
        try await other.register(.sample(id: "x"))
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next(ids: ["x"]) != nil)
        await other.unregister(try .sample(id: "x"))
        #expect(await lists.next(ids: []) != nil)
        try await other.remove(echo)
        try await other.register(.sample(id: "y"))
        #expect(await lists.next(ids: ["y"]) != nil)
    }

    @Test func mayHaveAnyID() async throws {
        let (here, there) = (try await registry(), try await registry())
        let ids = ["tcp://127.0.0.1:1@1.0.0", "..", "a b", "größe 😀", "%2f"].sorted()
        for id in ids { try await here.register(.sample(id: id)) }
        var lists = try await there.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.map(\.id) == ids)
        for id in ids { await here.unregister(try .sample(id: id)) }
        #expect(await lists.next(ids: []) != nil)
    }
}
