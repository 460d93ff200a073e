import Logging
import Lymph
import MessagePack

/// A service on real sockets with its own registry, and the tool that finds it there.
struct EchoFleet: Sendable {
    let endpoint: Endpoint
    let tool: Tool
    let registry: DirectoryRegistry

    /// Runs `body` with the service.
    ///
    /// - Parameter others: Interfaces besides.
    static func with(_ others: [InterfaceDefinition] = [], _ body: (EchoFleet) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let registry = DirectoryRegistry(path: folder.path + "/lymph")
        let container = try ServiceContainer(
            interfaces: [
                .init(EchoInterface.self, as: "echo"), .init(EchoInterface.self, as: "versioned", version: "1.5.0"),
                .init(EchoInterface.self, as: "versioned", version: "2.0.0"),
            ] + others, registry: registry, configuration: .ending,
            logger: Logger(label: "echo") { _ in SwiftLogNoOpLogHandler() })
        try await withServiceContainer(container) { endpoint in
            let tool = Tool(environment: ["LYMPH_REGISTRY_DIR": registry.path], folder: folder.path)
            try await body(EchoFleet(endpoint: endpoint, tool: tool, registry: registry))
        }
    }
}

extension PeerConfiguration {
    /// Of a service that ends at once: when a test is over, nobody waits for an answer.
    static var ending: PeerConfiguration { .init(drainDelay: .zero, drainTimeout: .zero) }
}

actor EchoInterface: Interface {
    static let routes = Routes<EchoInterface> {
        RPC("echo", "value", help: "Returns `value`.") { (_, value: Value) in value }
        RPC("upper", "text", help: "Returns `text` in upper case.") { (_, text: String) in text.uppercased() }
        RPC("fail", raises: Broken.self) { (_) -> String in throw Broken() }
        // Without `raises`, callers learn only that it failed.
        RPC("crash", Parameter("how", default: "")) { (_, how: String) -> String in throw Broken() }
        RPC("sleep", "seconds") { (_, seconds: Double) in try await Task.sleep(for: .seconds(seconds)) }
        RPC("long", help: "Returns a long text.") { _ in String(repeating: "0123456789\n", count: 100_000) }
        RawRPC("acknowledge") { _, channel, _ in await channel.ack() }
        RawRPC("traced") { _, channel, message in try await channel.reply(message.headers.traceID ?? "") }
    }
}

struct Broken: Error, CustomStringConvertible {
    let description = "as \u{1b}[31mdeclared"
}
