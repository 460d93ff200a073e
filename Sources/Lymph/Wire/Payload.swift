package import ZeroMQ

/// The encoded body of a message: bytes of ours, or a received frame that is not copied.
package enum Payload: Sendable {
    case bytes([UInt8])
    case frame(Frame)

    /// MessagePack's nil: the body of ACK and NACK.
    package static let `nil` = Payload.bytes([0xc0])

    package var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .frame(let frame): frame.count
        }
    }

    /// Gives the bytes to `body`, in place. They must not leave it.
    package func withUnsafeBytes<R: ~Copyable, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R
    {
        switch self {
        case .bytes(let bytes): try bytes.span.withUnsafeBytes(body)
        case .frame(let frame): try frame.withUnsafeBytes(body)
        }
    }
}
