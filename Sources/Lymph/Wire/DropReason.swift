/// Why something that came in was dropped or refused.
package enum DropReason: String, Sendable, Hashable, CaseIterable {
    /// A message with another number of frames than six.
    case frameCount = "frame_count"
    /// A packed frame that is malformed.
    case packed
    /// A message that is larger than the limit in all.
    case tooLarge = "too_large"
    /// The sender's identity is no endpoint that may be dialled.
    case source
    /// The id or subject is not UTF-8.
    case encoding
    /// Neither a request nor an answer.
    case kind
    /// Headers that are not a map.
    case headers
    /// An answer to a request that is not, or no longer, waited for: late, double or made up.
    case unknownReply = "unknown_reply"
    /// An answer from another peer than the one that was asked.
    case wrongPeer = "wrong_peer"
    /// A request that came in where only answers are expected.
    case unexpectedRequest = "unexpected_request"
    /// An answer that could not be delivered: the peer is gone or doesn't read.
    case undeliverable
    /// A connection whose other side doesn't speak the protocol of ØMQ.
    case handshake
}
