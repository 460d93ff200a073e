/// What a message is, as its second frame says.
public enum MessageKind: String, Sendable, Hashable, CaseIterable {
    /// A request to call a method.
    case request = "REQ"
    /// A reply with the method's result.
    case reply = "REP"
    /// An answer that says that the request was accepted; it has no result.
    case ack = "ACK"
    /// An answer that says that the request was refused, or that its method failed.
    case nack = "NACK"
    /// An answer with an error that the method declares.
    case error = "ERROR"

    /// Whether messages of this kind answer a request.
    public var isReply: Bool {
        switch self {
        case .request: false
        case .reply, .ack, .nack, .error: true
        }
    }

    /// Reads the frame; the case of the letters matters, as in Python lymph.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        switch (bytes.count, bytes.first) {
        case (3, UInt8(ascii: "R")) where bytes[2] == UInt8(ascii: "Q"): self = .request
        case (3, UInt8(ascii: "R")): self = .reply
        case (3, UInt8(ascii: "A")): self = .ack
        case (4, UInt8(ascii: "N")): self = .nack
        case (5, UInt8(ascii: "E")): self = .error
        default: return nil
        }
        // The first letters chose the one candidate; all of them must match.
        guard bytes.elementsEqual(rawValue.utf8) else { return nil }
    }
}
