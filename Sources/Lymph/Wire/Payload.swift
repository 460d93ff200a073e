package import ZeroMQ

/// The encoded body of a message: our own bytes, or a received frame that is not copied.
package enum Payload: Sendable {
    case bytes([UInt8])
    case frame(Frame)

    /// MessagePack nil: the body of ACK and NACK.
    package static let `nil` = Payload.bytes([0xc0])

    package var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .frame(let frame): frame.count
        }
    }

    /// Calls `body` with the bytes in place. They must not escape it.
    package func withUnsafeBytes<R: ~Copyable, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R
    {
        switch self {
        case .bytes(let bytes): try bytes.span.withUnsafeBytes(body)
        case .frame(let frame): try frame.withUnsafeBytes(body)
        }
    }
}
