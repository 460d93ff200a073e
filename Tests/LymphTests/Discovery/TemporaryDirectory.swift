import Foundation

/// A directory that is removed with everything in it when the last reference to it goes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = "/tmp/lymph-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        // A registry that still exists may be putting something back.
        for _ in 1...3 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
