internal import Glibc

/// Finds the address under which others know this machine.
package enum LocalAddress {
    /// The address of the interface with the default route, for the option `--guess-external-ip`.
    package static func guess() throws(ConfigurationError) -> String {
        // An address reserved for documentation: it belongs to nobody, so its route is the default route.
        guard let address = Endpoint("tcp://192.0.2.1:9").flatMap(towards), address != "0.0.0.0" else {
            throw ConfigurationError(
                at: .init(.option("--guess-external-ip")), "container.ip",
                "the address can't be guessed: there is no route to other machines",
                allowed: "--ip with an address of this machine")
        }
        return address
    }

    /// The local address that the system would use to reach a peer; nil without a route. Nothing is sent.
    package static func towards(_ peer: Endpoint) -> String? {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(peer.host, String(peer.port), &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Connecting a datagram socket only selects the route.
        guard connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else { return nil }
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(descriptor, address, &size) == 0 else { return EAI_SYSTEM }
                return getnameinfo(address, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            }
        }
        guard code == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
