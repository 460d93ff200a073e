import Load
import Lymph

actor EchoService: Interface {
    static let routes = Routes<EchoService> {
        RPC("upper", "text") { (_, text: String) in text.uppercased() }
        RPC("echo", "text") { (_, text: String) in text }
    }
}

/// The service. `--handlers poller` runs the methods on the thread that serves the sockets, `--handlers pool`
/// elsewhere.
@main
struct BenchmarkService {
    static func main() async throws {
        let arguments = Arguments()
        exitAtEndOfInput()
        var configuration = PeerConfiguration()
        configuration.handlerExecutor = arguments["handlers", default: "pool"] == "poller" ? .poller : .pool
        let container = try ServiceContainer(
            interfaces: [.init(EchoService.self, as: "echo")], registry: StaticRegistry(), configuration: configuration)
        try await withServiceContainer(container) { endpoint in
            say("ready \(endpoint.port)")
            try await Task.sleep(for: .seconds(86_400))
        }
    }
}
