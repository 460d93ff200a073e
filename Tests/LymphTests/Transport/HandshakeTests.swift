import Glibc
import Testing

@testable import Lymph

extension Behaviour {
    @Suite("Handshakes", .timeLimit(.minutes(1)))
    struct HandshakeTests {
        @Test("a connection that doesn't speak ZMTP is counted, and disturbs nobody")
        func garbage() async throws {
            try await withEcho(.zeroMQ) { client, container in
                let port = try await container.endpoint.port
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                defer { close(descriptor) }
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = port.bigEndian
                address.sin_addr.s_addr = inet_addr("127.0.0.1")
                let connected = withUnsafePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                #expect(connected == 0)
                // A whole greeting of ZMTP 3 with a mechanism that doesn't exist.
                var greeting = [UInt8](repeating: 0, count: 64)
                greeting[0] = 0xff
                greeting[9] = 0x7f
                greeting[10] = 3
                for (index, byte) in "NONSENSE".utf8.enumerated() { greeting[12 + index] = byte }
                #expect(write(descriptor, greeting, greeting.count) == greeting.count)
                try await eventually { await container.client.poller.statistics.dropped(.handshake) == 1 }
                let text: String = try await client.proxy("echo").upper(text: "a")
                #expect(text == "A")
            }
        }
    }
}
