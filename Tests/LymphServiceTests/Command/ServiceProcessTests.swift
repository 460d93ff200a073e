import Foundation
import Lymph
import LymphService
import MessagePack
import Testing

@Suite("A service as a process", .timeLimit(.minutes(2)))
struct ServiceProcessTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func start(
        _ name: String = "Echo", _ arguments: String..., environment: [String: String] = [:]
    ) throws -> ServiceProcess {
        try ServiceProcess(name, arguments, in: folder, environment: environment)
    }

    @Test("it starts, answers, finishes running requests at SIGTERM, and ends with status 0")
    func drains() async throws {
        let echo = try start()
        _ = try await echo.endpoint()
        try await withClient(folder.client()) { client in
            let proxy = client.proxy("echo", timeout: .seconds(60))
            let slow = proxy.defer("sleep", seconds: 1.0)
            let text: String = try await proxy.upper(text: "foo")
            #expect(text == "FOO")
            try await client.waitUntilRunning("echo")
            echo.signal(SIGTERM)
            _ = try await slow.value
        }
        #expect(await echo.line("stopped") != nil)
        #expect(await echo.exitStatus() == 0)
        #expect(try await folder.registry.services() == [])
    }

    @Test("the removal of a registration is noticed, logged and undone")
    func registration() async throws {
        let echo = try start()
        _ = try await echo.endpoint()
        try FileManager.default.removeItem(atPath: "\(folder.path)/registry")
        let gone = try #require(await echo.line(" WARNING "))
        #expect(gone.contains("the registrations of echo, lymph are gone"))
        #expect(await echo.line(" INFO ")?.contains("the registrations of echo, lymph are back") == true)
        #expect(try await folder.registry.services() == ["echo", "lymph"])
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
        #expect(try await folder.registry.services() == [])
    }

    @Test("a stop that arrives several times drains like one that arrives once")
    func repeated() async throws {
        let echo = try start()
        _ = try await echo.endpoint()
        try await withClient(folder.client()) { client in
            let proxy = client.proxy("echo", timeout: .seconds(60))
            let slow = (0..<6).map { _ in proxy.defer("sleep", seconds: 5.0) }
            try await client.waitUntilRunning("echo", count: 6)
            for _ in 1...3 {
                echo.signal(SIGINT)
                echo.signal(SIGTERM)
            }
            for call in slow { _ = try await call.value }
        }
        #expect(await echo.line("stopped") != nil)
        #expect(await echo.exitStatus() == 0)
    }

    @Test("a later signal ends it at once", arguments: [(SIGTERM, SIGINT), (SIGINT, SIGTERM)])
    func second(first: Int32, then: Int32) async throws {
        try folder.write("container: {drain_timeout: 1h}", to: ".lymph.yml")
        let echo = try start()
        _ = try await echo.endpoint()
        try await withClient(folder.client()) { client in
            let proxy = client.proxy("echo", timeout: .seconds(60))
            let slow = proxy.defer("sleep", seconds: 3600.0)
            try await client.waitUntilRunning("echo")
            echo.signal(first)
            // It has left the registry: the first signal has arrived.
            for await instances in try await folder.registry.instances(of: "echo") where instances.isEmpty { break }
            // It would drain for an hour: a signal within a second of the first belongs to the first.
            try await Task.sleep(for: StopSignals.oneRequest)
            echo.signal(then)
            #expect(await echo.exitStatus() == 128 + then)
            slow.cancel()
            _ = await slow.result
        }
    }

    @Test("a signal to an idle service ends it with status 0", arguments: [SIGTERM, SIGINT])
    func atRest(signal: Int32) async throws {
        let echo = try start()
        _ = try await echo.endpoint()
        echo.signal(signal)
        #expect(await echo.exitStatus() == 0)
    }

    @Test("two interfaces in one process, one of them calls the service of another")
    func two() async throws {
        let echo = try start("Echo")
        _ = try await echo.endpoint()
        let configuration = try folder.write(
            """
            interfaces:
                greeter@1.0.0: {class: GreeterService, greeting: $(var.greeting), loud: true}
                visitor: {class: 'somewhere:VisitorService', interval: 10ms, names: [Ada]}
            """, to: "greeter.yml")
        let greeter = try start("Greeter", "-c", configuration, "--vars", "greeting=Good day", "--loglevel", "debug")
        _ = try await greeter.endpoint()
        let line = try #require(await greeter.line("GOOD DAY, ADA!"))
        #expect(line.contains(" INFO Greeter: GOOD DAY, ADA! interface=visitor"))
        let served = try #require(await greeter.line("greeting name=Ada"))
        #expect(served.contains("interface=greeter version=1.0.0 trace_id="))
        try await withClient(folder.client()) { client in
            let text: String = try await client.proxy("greeter@1.0").greet(name: "Bo")
            #expect(text == "GOOD DAY, BO!")
            let count: Int = try await client.proxy("visitor").greeted()
            #expect(count > 0)
        }
        greeter.signal(SIGTERM)
        #expect(await greeter.exitStatus() == 0)
    }

    @Test("isolated, it is not registered but answers at its address")
    func isolated() async throws {
        try folder.write("container: {metrics: {tags: {zone: a}}}", to: ".lymph.yml")
        let echo = try start("Echo", "--isolated")
        let endpoint = try await echo.endpoint()
        #expect(try await folder.registry.services() == [])
        try await withClient(folder.client()) { client in
            let text: String = try await client.proxy(endpoint, interface: "echo").upper(text: "foo")
            #expect(text == "FOO")
            let metrics: [Value] = try await client.proxy(endpoint, interface: "lymph").call("get_metrics")
            #expect(!metrics.isEmpty)
            #expect(metrics.allSatisfy { $0[2]?["zone"] == "a" })
        }
    }

    @Test("settings from the environment apply")
    func environment() async throws {
        let configuration = try folder.write("interfaces: {shout: {class: EchoService}}", to: "conf.yml")
        let environment = [
            "LYMPH_CONFIG": configuration, "LYMPH_NODE_IP": "127.0.0.3", "LYMPH_SERVICE_NAME": "crier",
        ]
        let echo = try start("Echo", environment: environment)
        let line = try #require(await echo.line("serving"))
        #expect(line.contains(" INFO crier: serving endpoint=tcp://127.0.0.3:"))
        #expect(line.hasSuffix("service=shout"))
    }

    /// A pipe in place of the configuration blocks it until the test continues.
    @Test("while it reads its configuration, SIGHUP is ignored, and SIGTERM and SIGINT end it with status 0")
    func early() async throws {
        let pipe = "\(folder.path)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let patient = try start("Echo", "-c", pipe)
        let writer = try #require(FileHandle(forWritingAtPath: pipe))
        patient.signal(SIGHUP)
        try writer.write(contentsOf: Data("interfaces: {shout: {class: EchoService}}".utf8))
        try writer.close()
        #expect(await patient.line("serving")?.hasSuffix("service=shout") == true)
        for number in [SIGTERM, SIGINT] {
            let stopped = try start("Echo", "-c", pipe)
            let writer = try #require(FileHandle(forWritingAtPath: pipe))
            stopped.signal(number)
            #expect(await stopped.exitStatus() == 0)
            try? writer.close()
        }
        patient.signal(SIGTERM)
        #expect(await patient.exitStatus() == 0)
    }

    @Test("as the first process of a container it obeys SIGTERM from the start", .enabled(if: Namespaces.exist))
    func first() async throws {
        let pipe = "\(folder.path)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let echo = try ServiceProcess("Echo", ["-c", pipe], in: folder, isFirst: true)
        let writer = try #require(FileHandle(forWritingAtPath: pipe))
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
        try? writer.close()
    }

    @Test("the log goes to a file, which SIGHUP reopens")
    func logfile() async throws {
        let log = "\(folder.path)/log"
        let echo = try start("Echo", "--logfile", log)
        // It logs that it serves after it has registered; only the file shows it.
        while (try? String(contentsOfFile: log, encoding: .utf8).contains("serving")) != true {
            try await Task.sleep(for: .milliseconds(20))
        }
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        // The new file is the only sign that the signal was handled.
        while !FileManager.default.fileExists(atPath: log) {
            echo.signal(SIGHUP)
            try await Task.sleep(for: .milliseconds(20))
        }
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
        #expect(try String(contentsOfFile: log + ".1", encoding: .utf8).contains("serving"))
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("stopped"))
        #expect(await echo.rest() == [])
    }
}

extension Client {
    /// Returns when a service reports a number of running methods.
    func waitUntilRunning(_ service: String, count: Int64 = 1) async throws {
        while true {
            let metrics: [Value] = try await proxy(service, interface: "lymph").call("get_metrics")
            if metrics.contains(where: { $0[0] == "lymph.server.running" && $0[1] == .int(count) }) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
