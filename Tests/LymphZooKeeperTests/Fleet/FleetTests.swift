import Foundation
import Lymph
import Testing

@testable import LymphZooKeeper

/// Swift and Python in one fleet: two processes of each language, two versions, each version in three processes.
@Suite(.needsZooKeeper, .needsPython, .timeLimit(.minutes(3))) struct FleetTests {
    /// The endpoints of all processes.
    private struct Fleet {
        var swift: [String]
        var python: [String]
        var registry: ZooKeeperRegistry
        var client: Client
        var commands: PythonLymph

        /// The endpoints of the instances of a version.
        func endpoints(version: String) -> Set<String> {
            version == "1.5.0" ? [swift[0], swift[1], python[0]] : [swift[0], python[0], python[1]]
        }
    }

    private static let implementation = "fleet:Fleet"

    private func withFleet(_ body: @escaping @Sendable (Fleet) async throws -> Void) async throws {
        let server = try await ZooKeeperServer.shared()
        let chroot = "/test-\(UUID().uuidString)"
        let python = PythonLymph(server: server, chroot: chroot)
        let registry = try server.registry(chroot: chroot)
        try await withServiceContainer(container(["1.5.0", "2.0.0"], registry)) { first in
            try await withServiceContainer(container(["1.5.0"], server.registry(chroot: chroot))) { second in
                try await python.withService(["fleet@1.5.0": Self.implementation, "fleet@2.0.0": Self.implementation]) {
                    let swift = [first.description, second.description]
                    let third = try await newcomer(registry, besides: swift, count: 5)
                    try await python.withService(["fleet@2.0.0": Self.implementation]) {
                        let fourth = try await newcomer(registry, besides: swift + [third], count: 6)
                        // The default prefers fast instances, and Python's first answer takes long.
                        let client = Client(
                            registry: try server.registry(chroot: chroot),
                            configuration: .init(loadBalancing: .random), logger: .silent)
                        try await withClient(client) { client in
                            try await body(
                                Fleet(
                                    swift: swift, python: [third, fourth], registry: registry, client: client,
                                    commands: python))
                        }
                    }
                }
            }
        }
    }

    private func container(_ versions: [Version], _ registry: ZooKeeperRegistry) throws -> ServiceContainer {
        try ServiceContainer(
            interfaces: versions.map { .init(FleetService.self, as: "fleet", version: $0) }, registry: registry,
            logger: .silent)
    }

    /// The endpoint of a process that was just registered.
    private func newcomer(_ registry: ZooKeeperRegistry, besides known: [String], count: Int) async throws -> String {
        let list = try await registry.list(of: "fleet") { $0.count == count }
        return try #require(list.map(\.endpoint.description).first { !known.contains($0) })
    }

    /// Calls until every expected process has answered.
    private func reach(_ endpoints: Set<String>, version: String, _ calls: () async throws -> [[String]]) async throws {
        var reached: Set<String> = []
        try await eventually("not all of \(endpoints) were reached") {
            for answer in try await calls() {
                #expect(answer.last == version)
                reached.formUnion(answer.prefix(1))
            }
            return reached.count >= endpoints.count
        }
        #expect(reached == endpoints)
    }

    @Test func everybodyReachesEverybody() async throws {
        try await withFleet { fleet in
            for (asked, version) in [("1.2", "1.5.0"), ("2", "2.0.0")] {
                let proxy = fleet.client.proxy("fleet", version: asked, timeout: .seconds(10))
                try await reach(fleet.endpoints(version: version), version: version) {
                    [try await proxy.call("who")]
                }
                for endpoint in fleet.python {
                    let python = fleet.client.proxy(endpoint, interface: "fleet", timeout: .seconds(60))
                    try await reach(fleet.endpoints(version: version), version: version) {
                        try await python.call("reach", name: "fleet", version: asked, times: 10)
                    }
                }
            }
        }
    }

    @Test func bothCommandsDiscoverTheSameFleet() async throws {
        try await withFleet { fleet in
            let theirs = try parse(try await fleet.commands.run("discover", "--json"))
            let ours = try parse(try await fleet.commands.runOurs("discover", "--json"))
            #expect(ours == theirs)
            // The output for people: names and numbers of processes.
            let (text, same) = (try await fleet.commands.runOurs("discover"), try await fleet.commands.run("discover"))
            #expect(text == "fleet [4]\nlymph [4]\n")
            #expect(text == same)
            #expect(Set(ours.keys) == ["fleet", "lymph"])
            #expect(ours["lymph"]?.count == 4)
            for version in ["1.5.0", "2.0.0"] {
                let instances = (ours["fleet"] ?? []).filter { $0["version"] as? String == version }
                #expect(instances.count == 3)
                #expect(Set(instances.compactMap { $0["endpoint"] as? String }) == fleet.endpoints(version: version))
            }
        }
    }

    /// The instances of each service, unordered.
    private func parse(_ document: String) throws -> [String: Set<NSDictionary>] {
        let object = try JSONSerialization.jsonObject(with: Data(document.utf8))
        return try #require(object as? [String: [NSDictionary]], "\(document)").mapValues(Set.init)
    }
}
