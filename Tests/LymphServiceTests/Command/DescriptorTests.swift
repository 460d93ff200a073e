import Glibc
import Lymph
import Testing

@Suite("A service and the descriptors of its process", .timeLimit(.minutes(2)))
struct DescriptorTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    // With fewer, the runtime itself can't start.
    @Test("with too few descriptors it says so and ends", arguments: [8, 12, 16, 24, 29, 40])
    func tooFew(limit: Int) async throws {
        let echo = try ServiceProcess("Echo", [], in: folder, descriptors: "-n \(limit)")
        let lines = await echo.rest()
        #expect(
            lines == [
                "Echo: Too many open files (40 more are needed; \(limit) descriptors are allowed, see ulimit -n)",
                "Echo: see \"Too many files are open\" in the article \"When something goes wrong\"",
            ])
        #expect(await echo.exitStatus() == 71)
    }

    @Test("with few descriptors it says how many peers they are enough for")
    func fewer() async throws {
        let echo = try ServiceProcess("Echo", [], in: folder, descriptors: "-n 564")
        let warning =
            "max_peers is 4096, but the process may open 564 descriptors (ulimit -n), which are enough for 100"
        #expect(await echo.line("WARNING")?.hasSuffix(warning) == true)
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
    }

    @Test("the limit is raised as far as allowed")
    func raised() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let echo = try ServiceProcess("Echo", [], in: folder, descriptors: "-S -n 128")
        #expect(await echo.line("serving") != nil)
        #expect(echo.descriptors == Int(clamping: min(limit.rlim_max, 1 << 20)))
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
    }

    @Test("when strangers take all descriptors, it says so once, and serves again when they are gone")
    func exhausted() async throws {
        let echo = try ServiceProcess("Echo", [], in: folder, descriptors: "-n 64")
        let endpoint = try Endpoint(validating: await echo.endpoint())
        var strangers = Strangers()
        for _ in 0..<500 { strangers.connect(to: endpoint.port) }
        let warning = "there are no descriptors left: the process may open 64 (ulimit -n), or 16384 sockets"
        #expect(await echo.line(warning) != nil)
        strangers.leave()
        let text: String = try await withClient(folder.client()) { client in
            // Connections that libzmq still waits for are dropped after two seconds.
            try await client.proxy("echo", timeout: .seconds(60)).upper(text: "foo")
        }
        #expect(text == "FOO")
        echo.signal(SIGTERM)
        #expect(await echo.rest().filter { $0.contains("no descriptors left") }.isEmpty)
        #expect(await echo.exitStatus() == 0)
    }
}

/// Connections that send nothing.
private struct Strangers {
    private var descriptors: [Int32] = []

    mutating func connect(to port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        descriptors.append(descriptor)
    }

    mutating func leave() {
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
    }
}
