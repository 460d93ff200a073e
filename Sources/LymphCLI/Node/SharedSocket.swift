internal import Glibc

/// A listening socket that the node opens and its processes inherit, so that several can serve one port.
struct SharedSocket: Sendable {
    /// The port under which the configuration lists it.
    let port: UInt16

    /// The descriptor number, the same in all processes.
    let descriptor: Int32

    /// Opens the socket.
    ///
    /// - Parameters:
    ///   - host: An IP address or a name of this machine.
    ///   - port: The port; 0 for any free one.
    init(host: String, port: UInt16) throws(SharedSocketError) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0, let address = list?.pointee else {
            throw SharedSocketError(host: host, port: port, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.ai_family, kind, 0)
        self.port = port
        var yes: Int32 = 1
        guard descriptor >= 0,
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0,
            bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 2048) == 0
        else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw SharedSocketError(host: host, port: port, reason: reason)
        }
    }

    /// The value of `LYMPH_SHARED_SOCKET_FDS`, where Python lymph finds the sockets: descriptors by port.
    static func environmentValue(_ sockets: [SharedSocket]) -> String {
        "{" + sockets.map { "\"\($0.port)\": \($0.descriptor)" }.joined(separator: ", ") + "}"
    }
}

/// A shared socket that can't be opened.
struct SharedSocketError: Error, CustomStringConvertible {
    let host: String
    let port: UInt16
    let reason: String

    var description: String { "can't listen on \(host), port \(port): \(reason)" }
}
