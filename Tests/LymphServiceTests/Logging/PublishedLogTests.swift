import Glibc
import Lymph
import Testing

@Suite("The published log of a service's process", .timeLimit(.minutes(2)))
struct PublishedLogTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// The service's log address in the registry.
    private func logEndpoint(of service: String) async throws -> String? {
        var iterator = try await folder.registry.instances(of: service).makeAsyncIterator()
        return try #require(await iterator.next()?.first).logEndpoint
    }

    @Test("the registry has its address, under the service and under lymph")
    func registered() async throws {
        let echo = try ServiceProcess("Echo", [], in: folder)
        let endpoint = try Endpoint(validating: await echo.endpoint())
        let log = try #require(await logEndpoint(of: "echo"))
        #expect(try Endpoint(validating: log).host == endpoint.host)
        #expect(try await logEndpoint(of: "lymph") == log)
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
    }

    @Test("an address that can't be bound ends the service before it starts")
    func impossible() async throws {
        try folder.write("container: {log_endpoint: \"tcp://192.0.2.1:4100\"}", to: ".lymph.yml")
        let echo = try ServiceProcess("Echo", [], in: folder)
        #expect(await echo.line("can't publish the log at tcp://192.0.2.1:4100") != nil)
        #expect(try #require(await echo.exitStatus()) > 0)
    }
}
