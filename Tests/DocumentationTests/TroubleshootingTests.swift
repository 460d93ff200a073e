import Foundation
import Lymph
import ServiceLifecycle
import Testing

private actor Troubled: Interface {
    static var routes: Routes<Troubled> {
        RPC("upper", "text") { (_, text: String) in
            if text == "overloaded" { throw Refusal(.overloaded) }
            return text.uppercased()
        }
        RPC("sleep") { _ in try await Task.sleep(for: .seconds(3600)) }
        RPC("crash") { _ in throw POSIXError(.EIO) }
        RPC("reset") { _ in throw Refusal(.unauthorized, "only operators may do this") }
        RPC("divide", raises: DivisionByZero.self) { _ in throw DivisionByZero() }
    }
}

/// The article says what the library says.
@Suite("When something goes wrong", .timeLimit(.minutes(3)))
struct TroubleshootingTests {
    private let article: Article
    private let configuration: PeerConfiguration

    init() throws {
        article = try Article("Troubleshooting")
        var configuration = PeerConfiguration(transport: .inMemory(InMemoryNetwork()))
        configuration.timeout = .seconds(60)
        configuration.drainTimeout = .zero
        self.configuration = configuration
    }

    /// Expects an error whose section shows its message.
    ///
    /// - Parameter replacing: What the message has in place of the article's examples.
    private func expect(
        _ replacing: [String: String] = [:], location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: (any Error).self, sourceLocation: location) { try await body() }
        guard let error else { return }
        guard let explained = error as? any ExplainedError else {
            Issue.record(error, sourceLocation: location)
            return
        }
        let text = replacing.reduce("\(error)") { $0.replacing($1.key, with: $1.value) }
        let section = article.sections[explained.section.rawValue]
        #expect(section?.contains("    " + text) == true, "\(text)", sourceLocation: location)
    }

    @Test("every section that an error names is in the article")
    func sections() throws {
        #expect(article.title == TroubleshootingSection.article)
        for section in TroubleshootingSection.allCases {
            #expect(article.sections[section.rawValue]?.isEmpty == false, "\(section.rawValue)")
        }
        let references = try Article.references(to: article.title)
        #expect(references.contains("The compiler rejects an interface"))
        #expect(references.isSubset(of: article.sections.keys))
    }

    @Test("an error that ends a program names its section; what is logged stays short")
    func descriptions() {
        let error = LymphError(.lookupFailure, "no echo")
        let end = "\nSee \"Nobody is registered\" in the article \"When something goes wrong\"."
        #expect("\(error)" == "lookupFailure: no echo")
        #expect(String(reflecting: error) == "lookupFailure: no echo" + end)
        #expect(article.sections["Overview"]?.contains("    " + end.dropFirst()) == true)
        let mistake = ConfigurationError(.init(message: "no"))
        #expect(String(reflecting: mistake).hasPrefix("no\nSee \"The configuration has mistakes\" in "))
        let unavailable = RegistryError(.unavailable, "no answer")
        #expect(String(reflecting: unavailable).contains("The registry can't be used"))
        #expect(LymphError(.lookupFailure, "", cause: unavailable).section == .registry)
    }

    @Test("calls")
    func calls() async throws {
        var configuration = configuration
        configuration.port = 4100
        try await withService(.init(Troubled.self, as: "echo"), configuration: configuration) { client in
            let echo = client.proxy("echo")
            await expect { try await echo.uper(text: "foo") }
            await expect { try await echo.upper(txt: "foo") }
            await expect { try await echo.upper() }
            await expect { try await echo.upper(text: 1) }
            await expect { try await echo.upper(text: "overloaded") }
            await expect { try await echo.reset() }
            await expect { try await echo.crash() }
            await expect { try await echo.divide() }
            await expect { try await client.proxy("echo@x").upper(text: "foo") }
            await expect { try await client.proxy("tcp://127.0.0.1:4100").upper(text: "foo") }
            await expect { try await echo.upper(text: "foo", text: "foo") }
            await expect { let _: Int = try await echo.upper(text: "foo") }
        }
    }

    @Test("calls for which nothing is there")
    func absence() async throws {
        let client = Client(registry: StaticRegistry(), configuration: configuration)
        let echo = client.proxy("echo")
        let soon = ["0.05 seconds": "3.0 seconds"]
        await expect(soon) { try await echo.with(timeout: .milliseconds(50)).upper(text: "foo") }
        try await withClient(client) { client in
            await expect(soon) {
                try await echo.with(timeout: .milliseconds(50), waitForReady: true).upper(text: "foo")
            }
        }
        await expect { try await echo.upper(text: "foo") }
        await expect { try await client.run() }
        let name = RegistryError.unknown("ecko", among: ["echo"], in: "/tmp/lymph-1000")
        await expect { throw LymphError(.lookupFailure, name.explanation, cause: name) }
    }

    @Test("a method that takes too long")
    func timeout() async throws {
        var configuration = configuration
        configuration.port = 4100
        try await withService(.init(Troubled.self, as: "echo"), configuration: configuration) { client in
            // Waits longer until there is time to send the request.
            var timeout = Duration.milliseconds(100)
            while true {
                do {
                    try await client.proxy("echo", timeout: timeout).sleep()
                } catch let error as LymphError where error.execution == .none {
                    timeout *= 2
                } catch {
                    return await expect(["\(timeout)": "3.0 seconds"]) { throw error }
                }
            }
        }
    }

    @Test("an address in use")
    func address() async throws {
        let container = try ServiceContainer(interfaces: [.init(Troubled.self, as: "echo")], registry: StaticRegistry())
        try await withServiceContainer(container) { endpoint in
            let client = Client(
                registry: StaticRegistry(), configuration: PeerConfiguration(ip: endpoint.host, port: endpoint.port))
            await expect(["\(endpoint.port)": "4100"]) { try await client.run() }
        }
    }

    @Test("messages of the compiler are those of the mistakes")
    func compiler() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Mistakes")
        var mistakes = ""
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            mistakes += try String(contentsOf: file, encoding: .utf8)
        }
        let rows = article.sections["The compiler rejects an interface"]?.compactMap {
            $0.firstMatch(of: /^\| `([^`]+)`/)
        }
        #expect((rows?.count ?? 0) > 10)
        for row in rows ?? [] { #expect(mistakes.contains(row.1), "\(row.1)") }
    }
}
