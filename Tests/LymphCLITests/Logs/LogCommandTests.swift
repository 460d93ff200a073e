import Logging
import Lymph
import LymphFleet
import LymphService
import Testing

@testable import LymphCLI

@Suite("lymph tail and lymph change-loglevel", .serialized, .timeLimit(.minutes(2)))
struct LogCommandTests {
    /// A service that publishes its log, and the tool that finds it.
    private struct Service: Sendable {
        let tool: Tool
        let endpoint: Endpoint
        let publisher: LogPublisher

        static func with(_ body: (Service) async throws -> Void) async throws {
            let folder = try TemporaryFolder()
            let registry = DirectoryRegistry(path: folder.path + "/registry")
            let publisher = LogPublisher()
            var configuration = PeerConfiguration.ending
            configuration.logEndpoint = try await publisher.open(ip: "127.0.0.1")
            let container = try ServiceContainer(
                interfaces: [.init(EchoInterface.self, as: "echo")], registry: registry, configuration: configuration,
                logger: Logger(label: "echo") { _ in SwiftLogNoOpLogHandler() })
            try await withServiceContainer(container) { endpoint in
                let tool = Tool(environment: ["LYMPH_REGISTRY_DIR": registry.path], folder: folder.path)
                try await body(Service(tool: tool, endpoint: endpoint, publisher: publisher))
            }
            await publisher.close()
        }

        /// Publishes a line of each level once all of them are subscribed to: subscriptions arrive one after another.
        func say(toReadersOf levels: Logger.Level...) async throws {
            while !levels.allSatisfy(publisher.isWanted) { try await Task.sleep(for: .milliseconds(1)) }
            for level in [Logger.Level.debug, .info, .warning, .error, .critical] {
                publisher.publish(level) {
                    "2015-11-23 12:34:56,789 [\(level.pythonName)] a.b: \(level) - trace_id=\"abc\""
                }
            }
        }
    }

    @Test("tail shows what a service logs at a level and above")
    func tail() async throws {
        try await Service.with { service in
            async let said: Void = service.say(toReadersOf: .warning, .error, .critical)
            let outcome = try await service.tool.interrupted("tail", "-l", "warning", "echo", after: "CRITICAL")
            try await said
            let head = "echo \(service.endpoint) 2015-11-23 12:34:56,789"
            #expect(
                outcome.output.split(separator: "\n").map(String.init) == [
                    "\(head) WARNING  a.b: warning trace_id=abc", "\(head) ERROR    a.b: error trace_id=abc",
                    "\(head) CRITICAL a.b: critical trace_id=abc",
                ])
            #expect(outcome.errors == "")
        }
    }

    @Test("tail --json writes a document for each record, also when given the address of one process")
    func tailJSON() async throws {
        try await Service.with { service in
            async let said: Void = service.say(toReadersOf: .critical)
            let outcome = try await service.tool.interrupted(
                "tail", "--json", "--level", "critical", service.endpoint.description, after: "CRITICAL")
            try await said
            let document = try JSONParser.parse(Array(outcome.output.utf8))
            #expect(document["message"] == "critical" && document["logger"] == "a.b" && document["trace_id"] == "abc")
            #expect(document["endpoint"] == .string(service.endpoint.description))
        }
    }

    @Test("tail fails if the service is unknown or the address is invalid")
    func tailErrors() async throws {
        try await Service.with { service in
            let unknown = try await service.tool("tail", "ehco")
            #expect(unknown.status == 6)
            // The second line names an article.
            #expect(unknown.errorLines.count == 2 && unknown.errors.contains("echo"))
            #expect(try await service.tool("tail", "tcp://nowhere").status == 64)
            #expect(try await service.tool("tail", "--level", "loud", "echo").status == 64)
            #expect(try await service.tool("tail").status == 64)
        }
    }

    @Test("change-loglevel changes every instance, and reports each")
    func changes() async throws {
        try await Service.with { service in
            let outcome = try await service.tool(
                "change-loglevel", "echo", "--name", "lymph", "--level", "debug", "--period", "5")
            #expect(outcome.status == 0)
            #expect(outcome.output == "\(service.endpoint): the logger lymph logs at DEBUG and above for 5.0 s\n")
            let json = try await service.tool(
                "change-loglevel", service.endpoint.description, "-l", "ERROR", "--json")
            #expect(json.status == 0)
            #expect(
                json.output
                    == "[{\"changed\": true, \"endpoint\": \"\(service.endpoint)\", \"error\": null}]\n")
        }
    }

    @Test("change-loglevel reports failures clearly")
    func failures() async throws {
        try await Service.with { service in
            let unknown = try await service.tool("change-loglevel", "ehco", "--level", "debug")
            #expect(unknown.status == 6 && unknown.errorLines.count == 2)
            let gone = try await service.tool(
                "change-loglevel", "tcp://127.0.0.1:9", "--level", "debug", "--timeout", "0.2")
            #expect([5, 7].contains(gone.status) && gone.errorLines.count == 1)
            for arguments in [["--level", "loud"], ["--level", "debug", "--period", "-1"], []] {
                let wrong = try await service.tool.shell(
                    "$LYMPH change-loglevel echo " + arguments.joined(separator: " "))
                #expect(wrong.status == 64)
            }
        }
    }
}
