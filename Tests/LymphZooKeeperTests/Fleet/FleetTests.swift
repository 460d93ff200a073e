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
        let commands = PythonLymph(server: server, chroot: chroot)
        let registry = try server.registry(chroot: chroot)
        try await withServiceContainer(container(["1.5.0", "2.0.0"], registry)) { first in
            try await withServiceContainer(container(["1.5.0"], server.registry(chroot: chroot))) { second in
                try await commands.withService(["fleet@1.5.0": Self.implementation, "fleet@2.0.0": Self.implementation])
                {
                    try await commands.withService(["fleet@2.0.0": Self.implementation]) {
                        let swift = [first.description, second.description]
                        let python = try await pythonEndpoints(registry, besides: swift)
                        // The default prefers fast instances, and Python's first answer takes long.
                        let client = Client(
                            registry: try server.registry(chroot: chroot),
                            configuration: .init(loadBalancing: .random), logger: .silent)
                        try await withClient(client) { client in
                            try await body(
                                Fleet(
                                    swift: swift, python: python, registry: registry, client: client,
                                    commands: commands))
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

    /// The endpoints of the processes with Python, that with both versions first.
    private func pythonEndpoints(_ registry: ZooKeeperRegistry, besides swift: [String]) async throws -> [String] {
        let list = try await registry.list(of: "fleet") { $0.count == 6 }
            .filter { !swift.contains($0.endpoint.description) }
        let both = try #require(list.first { $0.version == "1.5.0" }).endpoint
        let other = try #require(list.first { $0.endpoint != both }).endpoint
        return [both.description, other.description]
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
            async let theirDocument = fleet.commands.run("discover", "--json")
            async let ourDocument = fleet.commands.runOurs("discover", "--json")
            let (theirs, ours) = (try parse(try await theirDocument), try parse(try await ourDocument))
            #expect(ours == theirs)
            // The output for people: names and numbers of processes.
            async let ourText = fleet.commands.runOurs("discover")
            async let theirText = fleet.commands.run("discover")
            let (text, same) = (try await ourText, try await theirText)
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
