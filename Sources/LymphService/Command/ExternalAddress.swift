internal import Glibc
internal import Lymph

/// Finds the address that other machines know this one by.
enum ExternalAddress {
    /// The address of the interface that the default route leads to.
    ///
    /// A datagram socket is connected to an address that belongs to nobody: the system chooses the way and with it our own
    /// address, and sends nothing.
    static func guess() throws(ConfigurationError) -> String {
        func fail(_ reason: String) -> ConfigurationError {
            ConfigurationError(
                at: .init(.option("--guess-external-ip")), "container.ip", "the address can't be guessed: \(reason)",
                allowed: "--ip with an address of this machine")
        }
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard socket >= 0 else { throw fail(String(cString: strerror(errno))) }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(9).bigEndian
        // 192.0.2.1 is reserved for documentation.
        address.sin_addr.s_addr = in_addr_t(0xC000_0201).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, length) }
        }
        guard connected == 0 else { throw fail("there is no route to other machines") }
        let found = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        let number = UInt32(bigEndian: address.sin_addr.s_addr)
        guard found == 0, number != 0 else { throw fail("the system names no address") }
        return [24, 16, 8, 0].map { "\(number >> $0 & 0xff)" }.joined(separator: ".")
    }
}
