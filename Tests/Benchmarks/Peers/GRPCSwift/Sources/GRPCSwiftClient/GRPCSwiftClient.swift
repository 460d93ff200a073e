import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Load
import TextService

/// The load generator on grpc-swift-2: all calls over one connection, as over ours.
@main
struct GRPCSwiftClient {
    static func main() async throws {
        let arguments = Arguments()
        let isTuned = arguments["tuned", default: 0] == 1
        let load = LoadGenerator(arguments)
        let parts = load.service.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { fail("--connect wants host:port") }
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: String(parts[0]), port: port), transportSecurity: .plaintext,
            config: .defaults { config in
                if isTuned {
                    config.connection.flushCoalescing = nil
                    config.http2.targetWindowSize = 8 << 20
                }
            })
        let method = load.method == "echo" ? TextMethods.echo : TextMethods.upper
        try await withGRPCClient(transport: transport) { client in
            try await load.run { text in
                try await client.unary(
                    request: ClientRequest(message: text), descriptor: method, serializer: TextCoding(),
                    deserializer: TextCoding(), options: .defaults
                ) { try $0.message }
            }
        }
    }
}
