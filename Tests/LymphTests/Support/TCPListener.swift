import Glibc
import Testing

@testable import Lymph

/// A socket that listens and says nothing.
final class TCPListener: Sendable {
    let endpoint: Endpoint
    private let descriptor: Int32

    /// - Parameters:
    ///   - backlog: How many connections may wait to be accepted, less one. Of more, the system ignores the attempts.
    init(at wanted: Endpoint? = nil, backlog: Int32 = 100) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = (wanted?.port ?? 0).bigEndian
        let (descriptor, length) = (descriptor, size)
        try withUnsafeMutablePointer(to: &address) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try #require(bind(descriptor, $0, length) == 0 && listen(descriptor, backlog) == 0)
                try #require(getsockname(descriptor, $0, &size) == 0)
            }
        }
        endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
    }

    /// Accepts a connection, and closes it at once.
    func accept() async throws {
        try await eventually {
            let connection = Glibc.accept(descriptor, nil, nil)
            guard connection >= 0 else { return false }
            close(connection)
            return true
        }
    }

    func stop() { close(descriptor) }
}
