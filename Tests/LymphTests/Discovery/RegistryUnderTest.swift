import Foundation
import Lymph
import Testing

/// A kind of registry for the behaviour suite. To hold another one to the same promises, add it to ``all``.
struct RegistryUnderTest: Sendable, CustomTestStringConvertible {
    /// Two views of one registry, as two processes would have them, or one twice where it cannot be shared.
    struct Views: Sendable {
        var here: any ServiceRegistry
        var there: any ServiceRegistry
        /// Whatever must live as long as the registry.
        var keepAlive: (any Sendable)?
    }

    let testDescription: String
    let open: @Sendable () async throws -> Views

    static let all: [RegistryUnderTest] = [
        RegistryUnderTest(testDescription: "StaticRegistry") {
            let registry = StaticRegistry()
            return Views(here: registry, there: registry)
        },
        RegistryUnderTest(testDescription: "DirectoryRegistry") {
            let parent = try TemporaryDirectory()
            return Views(
                here: DirectoryRegistry(path: parent.path + "/registry"),
                there: DirectoryRegistry(path: parent.path + "/registry"), keepAlive: parent)
        },
    ]
}

/// A directory that is removed with everything in it when the last reference to it goes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = "/tmp/lymph-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        // A registry that still lives may just be putting something back.
        for _ in 1...3 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}

extension ServiceInstance {
    /// An instance for tests: the port tells them apart.
    static func sample(_ service: String = "echo", port: UInt16 = 4100, id: String? = nil) throws -> ServiceInstance {
        ServiceInstance(
            service: service, endpoint: try Endpoint(host: "127.0.0.1", port: port), version: "1.5.0",
            id: id ?? "\(service)-\(port)", features: ["cancel"])
    }
}

extension AsyncStream<[ServiceInstance]>.Iterator {
    /// Reads until the list has these ids; nil if the stream ends before.
    mutating func next(ids: [String]) async -> [ServiceInstance]? {
        while let list = await next(isolation: #isolation) {
            if list.map(\.id) == ids { return list }
        }
        return nil
    }
}
