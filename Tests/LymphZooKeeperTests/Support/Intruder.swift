import CZooKeeper
import Foundation
import Lymph
import Testing

@testable import LymphZooKeeper

/// Does to ZooKeeper what registries don't do, or what others do to them.
extension ZooKeeperRegistry {
    /// Ends the session on the server, and returns when there is another one.
    func expireSession() async throws {
        let port = try #require(hosts.servers.split(separator: ":").last.flatMap { UInt16($0) })
        let id = try #require(handle.flatMap { zoo_client_id($0.pointer) }).pointee
        let password = withUnsafeBytes(of: id.passwd) { Array($0) }
        try await eventually("the session did not expire") {
            if let current = session.current, current != id.client_id { return true }
            try SessionThief.close(session: id.client_id, password: password, at: port)
            return false
        }
    }

    /// Creates a node, with its parents, that ends with this registry's session.
    func put(_ path: String, _ text: String) async throws {
        try await withConnection(for: "put a node") { registry in
            let deadline = registry.newDeadline()
            for parent in NodePaths.parents(of: path) {
                _ = try? await registry.ask(.createParent(parent), until: deadline)
            }
            _ = try await registry.ask(.create(path, Array(text.utf8)), until: deadline)
        }
    }

    /// Removes a node.
    func remove(_ path: String) async throws {
        try await withConnection(for: "remove a node") { registry in
            _ = try await registry.ask(.delete(path), until: registry.newDeadline())
        }
    }

    /// Puts other data into a node.
    func overwrite(_ path: String, _ text: String) async throws {
        try await withConnection(for: "change a node") { registry in
            let handle = registry.handle
            let pointer = try #require(handle).pointer
            let code = zoo_aset(pointer, path, text, Int32(text.utf8.count), -1, { _, _, _ in }, nil)
            try #require(code == 0)
        }
    }

    /// The data of a node, and the session that it ends with.
    func look(at path: String) async throws -> (text: String, owner: Int64) {
        try await withConnection(for: "look at a node") { registry in
            let reply = try await registry.ask(.data(of: path), until: registry.newDeadline())
            guard case .data(let data, let status) = reply else { throw ZooKeeperError.noNode }
            return (String(decoding: data, as: UTF8.self), status.owner)
        }
    }

    /// Whether the nodes of all registrations belong to the current session.
    var hasAllNodes: Bool {
        get async {
            guard let current = session.current else { return false }
            for path in registrations.keys {
                guard (try? await look(at: path).owner) == current else { return false }
            }
            return true
        }
    }

    /// The instances of a service, once they satisfy a condition.
    func list(
        of service: String, where condition: @Sendable ([ServiceInstance]) -> Bool = { _ in true }
    ) async throws -> [ServiceInstance] {
        for await list in try await instances(of: service) where condition(list) { return list }
        throw CancellationError()
    }

    /// The current versions of a service's instances.
    func versions(of service: String) async throws -> [String] {
        try await list(of: service).map { $0.version?.description ?? "none" }.sorted()
    }
}

/// Returns as soon as `condition` holds; fails the test if that takes too long.
///
/// For events in other processes, which can only be observed by polling.
func eventually(
    within time: Duration = .seconds(30), every interval: Duration = .milliseconds(20),
    _ comment: @autoclosure () -> Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + time
    while try await !condition() {
        try #require(.now < deadline, comment(), sourceLocation: sourceLocation)
        try await Task.sleep(for: interval)
    }
}
