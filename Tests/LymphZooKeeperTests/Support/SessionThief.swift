import Foundation
import Testing

/// Takes a session over and closes it with ZooKeeper's two requests in one packet.
///
/// The library's client takes so long between the two that the session's owner usually takes it back.
enum SessionThief {
    /// - Parameters:
    ///   - session: The number that the server gave the session.
    ///   - password: The 16 bytes that prove it.
    ///   - port: Where the server is, on this machine.
    static func close(session: Int64, password: [UInt8], at port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        // Version, last transaction seen, timeout, session, password, whether a read-only server is acceptable.
        let takeOver = bytes(Int32(0)) + bytes(Int64(0)) + bytes(Int32(10_000)) + bytes(session) + bytes(Int32(16))
        // Number of the request, and its kind: closing the session.
        let end = bytes(Int32(1)) + bytes(Int32(-11))
        let packet = framed(takeOver + password + [0]) + framed(end)
        try #require(send(descriptor, packet, packet.count, Int32(MSG_NOSIGNAL)) == packet.count)
        // The server closes the connection with the session, or because the owner was faster.
        var answer = [UInt8](repeating: 0, count: 256)
        while recv(descriptor, &answer, answer.count, 0) > 0 {}
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func framed(_ body: [UInt8]) -> [UInt8] { bytes(Int32(body.count)) + body }
}
