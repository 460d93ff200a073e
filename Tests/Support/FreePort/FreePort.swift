internal import Glibc

/// Finds a free port on the loopback interface for a server in another process.
///
/// It is below the ports of outgoing connections: a server that takes seconds to start, or is stopped for a
/// while, could lose such a port, if only to a client that looks for the server.
///
/// - Throws: An error if a hundred ports are in use.
package func freePort() throws -> UInt16 {
    for _ in 1...100 {
        let port = UInt16.random(in: 12_000..<32_000)
        if isFree(port) { return port }
    }
    throw NoFreePort()
}

private func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

private struct NoFreePort: Error, CustomStringConvertible {
    let description = "a hundred ports were in use"
}
