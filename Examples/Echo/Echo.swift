import Logging
import Lymph
import ServiceLifecycle

/// A service with one interface: texts, a division that may fail, an acknowledgement.
@main
struct Echo {
    static func main() async throws {
        let logger = Logger(label: "echo")
        let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")], logger: logger)
        // SIGTERM and SIGINT leave the registry, finish what runs, and end the process.
        let group = ServiceGroup(
            services: [container], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}
