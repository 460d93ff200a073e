import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Load
import TextService

struct Texts: RegistrableRPCService {
    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        register(TextMethods.upper, in: &router) { $0.uppercased() }
        register(TextMethods.echo, in: &router) { $0 }
    }

    private func register<Transport: ServerTransport>(
        _ method: MethodDescriptor, in router: inout RPCRouter<Transport>,
        _ body: @escaping @Sendable (String) -> String
    ) {
        router.registerHandler(forMethod: method, deserializer: TextCoding(), serializer: TextCoding()) { request, _ in
            let request = try await ServerRequest(stream: request)
            return StreamingServerResponse(single: ServerResponse(message: body(request.message)))
        }
    }
}

/// The service. With `--tuned 1` writes are flushed one by one, and the flow control window is 8 MiB.
@main
struct GRPCSwiftService {
    static func main() async throws {
        let isTuned = Arguments()["tuned", default: 0] == 1
        exitAtEndOfInput()
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext,
            config: .defaults { config in
                // The default maximum is 4 MiB; bodies of 1 MiB fit.
                if isTuned {
                    config.connection.flushCoalescing = nil
                    config.http2.targetWindowSize = 8 << 20
                }
            })
        try await withGRPCServer(transport: transport, services: [Texts()]) { server in
            guard let port = try await server.listeningAddress?.ipv4?.port else { fail("no port") }
            say("ready \(port)")
            try await Task.sleep(for: .seconds(86_400))
        }
    }
}
