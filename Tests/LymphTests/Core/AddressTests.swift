import Testing

@testable import Lymph

@Suite("Addresses that nobody can connect to", .timeLimit(.minutes(1)))
struct AddressTests {
    @Test(
        "every address of a machine, groups, broadcasts",
        arguments: [
            "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "ff02::1",
            "::ffff:0.0.0.0", "::ffff:224.0.0.1",
        ])
    func unreachable(ip: String) async throws {
        #expect(try !Endpoint(host: ip, port: 1).canBeReached)
        do throws(LymphError) {
            _ = try ServiceContainer(interfaces: [], registry: StaticRegistry(), configuration: .init(ip: ip))
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .configuration)
            #expect(error.message.hasPrefix("nobody can connect to \(ip): ip must be an address of this machine"))
        }
        var publishing = PeerConfiguration()
        publishing.logEndpoint = try Endpoint(host: ip, port: 4200).description
        #expect(throws: LymphError.self) {
            _ = try ServiceContainer(interfaces: [], registry: StaticRegistry(), configuration: publishing)
        }
    }

    @Test("run() and all calls of a client fail with it")
    func client() async throws {
        let client = Client(registry: StaticRegistry(), configuration: .init(ip: "0.0.0.0", timeout: .seconds(60)))
        let call = Task { try await client.request("tcp://127.0.0.1:1", "a.b") }
        let error = try #require(await #expect(throws: LymphError.self) { try await client.run() })
        #expect(error.code == .configuration)
        let failure = try #require(await #expect(throws: LymphError.self) { try await call.value })
        #expect(failure.message == "a.b: \(error.message)")
    }

    @Test(
        "others",
        arguments: [
            "127.0.0.1", "10.0.0.7", "192.0.2.1", "223.255.255.255", "::1", "fe80::1", "ff::1", "::ffff:10.0.0.7",
        ])
    func reachable(ip: String) throws {
        #expect(try Endpoint(host: ip, port: 1).canBeReached)
    }
}
