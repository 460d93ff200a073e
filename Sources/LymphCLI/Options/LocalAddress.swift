internal import Glibc
internal import Lymph

/// Finds the address of this machine on the way to a peer.
enum LocalAddress {
    /// The address that other machines see, as far as this one knows; nil if it has no way out.
    static var external: String? {
        // An address of the documentation's: it is nowhere, so the way to it is that to anywhere.
        Endpoint("tcp://192.0.2.1:9").flatMap(towards)
    }

    /// That address, for whom it was asked for.
    static func guess() throws(Failure) -> String {
        guard let external else {
            throw Failure(
                .configuration, "this machine has no address that others could reach", advice: "give one: --ip")
        }
        return external
    }

    /// The address that the system would send from; nil if there is no way. Nothing is sent.
    static func towards(_ peer: Endpoint) -> String? {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(peer.host, String(peer.port), &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // To connect a datagram socket only chooses the way.
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
