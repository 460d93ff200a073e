internal import MessagePack

/// The kind of a message, from its second frame.
public enum MessageKind: String, Sendable, Hashable, CaseIterable {
    /// A request to call a method.
    case request = "REQ"
    /// A reply with the method's result.
    case reply = "REP"
    /// An answer that acknowledges the request, without a result.
    case ack = "ACK"
    /// An answer saying that the request was refused, or that its method failed.
    case nack = "NACK"
    /// An answer with an error that the method declares.
    case error = "ERROR"
    /// A notice that nobody waits for the answer to a request any more. Only Swift peers send and read it.
    case cancel = "CANCEL"

    /// Whether messages of this kind answer a request.
    public var isReply: Bool {
        switch self {
        case .request, .cancel: false
        case .reply, .ack, .nack, .error: true
        }
    }

    /// Reads the frame; case-sensitive, as in Python lymph.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        switch (bytes.count, bytes.first) {
        case (3, UInt8(ascii: "R")) where bytes[2] == UInt8(ascii: "Q"): self = .request
        case (3, UInt8(ascii: "R")): self = .reply
        case (3, UInt8(ascii: "A")): self = .ack
        case (4, UInt8(ascii: "N")): self = .nack
        case (5, UInt8(ascii: "E")): self = .error
        case (6, UInt8(ascii: "C")): self = .cancel
        default: return nil
        }
        // The first letters leave one candidate; the whole text must match it.
        guard bytes.isEqual(to: rawValue) else { return nil }
    }
}
