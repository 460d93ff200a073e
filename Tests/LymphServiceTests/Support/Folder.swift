import Foundation
import Lymph
import LymphService

/// A folder for the files of one test; it is removed with the value.
final class Folder: Sendable {
    let path: String

    init() throws {
        // Without symbolic links and short, because addresses of sockets may end up here.
        path = "/tmp/lymph-service-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// Loads a configuration from a string.
    func load(
        _ yaml: String, variables: [String] = [], environment: [String: String] = [:]
    ) throws -> ProcessConfiguration {
        try ProcessConfiguration.load(
            file: write(yaml, to: "conf.yml"), variables: variables, environment: environment)
    }

    /// The mistakes in a configuration when `use` reads it, without the folder's path; empty if there are none.
    func mistake(
        _ yaml: String, variables: [String] = [], environment: [String: String] = [:],
        _ use: (ProcessConfiguration) throws -> Void = { _ in }
    ) -> String {
        do {
            try use(load(yaml, variables: variables, environment: environment))
            return ""
        } catch {
            return "\(error)".replacingOccurrences(of: "\(path)/", with: "")
        }
    }
}

actor EchoService: Interface {
    static let routes = Routes<EchoService> {}
}

actor ClockInterface: Interface {
    static let routes = Routes<ClockInterface> {}
}

let bothTypes: [any Interface.Type] = [EchoService.self, ClockInterface.self]

func writeBytes(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
}
