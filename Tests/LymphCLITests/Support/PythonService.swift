import Foundation
import FreePort
import Lymph
import Subprocess
import SystemPackage
import Testing

/// A service of the real Python lymph, which serves what is in `Tests/Interop/peer`.
///
/// It needs the interpreter that `Tests/Interop/setup` installs, in LYMPH_PYTHON.
enum PythonService {
    /// The interpreter; nil if there is none.
    static var interpreter: String? {
        ProcessInfo.processInfo.environment["LYMPH_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let configuration = """
        container:
            ip: 127.0.0.1
            registry: {class: "lymph.discovery.static:StaticServiceRegistry"}
            events: {class: "lymph.events.null:NullEventSystem"}
        interfaces:
            echo: {class: "echo:Echo"}
        """

    /// Runs `body` with the address of a service that answers. The service ends with its standard input.
    static func with(_ body: (String) async throws -> Void) async throws {
        let interpreter = try #require(interpreter)
        let folder = try TemporaryFolder()
        try folder.write(configuration, to: "conf.yml")
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let port = try freePort()
        let address = "tcp://127.0.0.1:\(port)"
        let arguments = [
            tests.appendingPathComponent("Interop/peer/run.py").path, "instance", "--config=\(folder.path)/conf.yml",
            "--port=\(port)",
        ]
        _ = try await run(
            .path(FilePath(interpreter)), arguments: Arguments(arguments),
            environment: .custom(["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"]), input: .inputWriter,
            output: .discarded, error: .discarded
        ) { execution in
            let result: Result<Void, any Error>
            do {
                try await waitUntilItAnswers(address)
                result = .success(try await body(address))
            } catch {
                result = .failure(error)
            }
            try await execution.standardInputWriter.finish()
            try result.get()
        }
    }

    private static func waitUntilItAnswers(_ address: String) async throws {
        try await withClient(Client(registry: StaticRegistry())) { client in
            let lymph = client.proxy(address, interface: "lymph", timeout: .seconds(60)).with(waitForReady: true)
            let _: String = try await lymph.ping(payload: "")
        }
    }
}
