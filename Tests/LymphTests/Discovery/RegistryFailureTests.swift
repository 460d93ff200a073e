import Glibc
import Testing

@testable import Lymph

/// What a user is told about a registry that can't be used: what was tried, and the result.
@Suite("Why a registry can't be used", .timeLimit(.minutes(1)))
struct RegistryFailureTests {
    @Test("a directory that can't be created says why")
    func directory() async throws {
        // Not even root can create something there; the reason depends on the machine.
        let registry = DirectoryRegistry(path: "/sys/lymph-test")
        let error = try await #require(throws: RegistryError.self) { try await registry.services() }
        let reasons = [EPERM, EACCES, EROFS].map { String(cString: strerror($0)) }
        let reason = try #require(reasons.first { error.message.contains($0) }, "\(error.message)")
        #expect(
            error.message
                == "the registry's directory /sys/lymph-test can't be created: \(reason); "
                + "set LYMPH_REGISTRY_DIR to a directory that only you can access")
        // The reason appears only once.
        #expect(error.description == "unavailable: \(error.message)")
    }

    @Test("a cause that the message doesn't contain follows it")
    func causes() {
        let cause = SystemError(code: ENOSPC, operation: "create x")
        let error = RegistryError(.registrationFailure, "it was not published", cause: cause)
        #expect(error.explanation == "it was not published (create x: No space left on device)")
        #expect(RegistryError(.unavailable, "no reason").explanation == "no reason")
    }

    @Test("a failure to register says what the registry says")
    func publication() async throws {
        let container = try ServiceContainer(interfaces: [], registry: DirectoryRegistry(path: "/dev/null/x"))
        let error = try #require(await #expect(throws: LymphError.self) { try await container.run() })
        #expect(error.message.contains("/dev/null/x is a symbolic link, or not a directory"))
    }

    /// Never answers, and reports an obstacle.
    private struct Silent: WaitingRegistry {
        var obstacle: String? { "nobody is there" }

        func register(_ instance: ServiceInstance) {}
        func unregister(_ instance: ServiceInstance) {}
        func services() async throws -> [String] { try await instances(of: "") as Never }

        func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
            try await instances(of: service) as Never
        }

        private func instances(of service: String) async throws -> Never {
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    @Test("a call that waits for a registry reports the registry's obstacle")
    func call() async throws {
        try await withClient(Client(registry: Silent())) { client in
            let error = await #expect(throws: LymphError.self) {
                try await client.request("echo", "echo.upper", timeout: .milliseconds(100))
            }
            #expect(error?.code == .lookupFailure)
            #expect(
                error?.message == "echo.upper: the registry did not find echo within 0.1 seconds: nobody is there")
            #expect((error?.cause as? RegistryError)?.code == .unavailable)
        }
    }

    @Test("the suggestion of similar names ends the message")
    func question() {
        let error = RegistryError.unknown("ecko", among: ["echo"], in: "/a", remark: "others are in /b: do this")
        #expect(
            error.message
                == #"no service was ever registered as "ecko" in /a; others are in /b: do this; did you mean "echo"?"#)
    }
}
