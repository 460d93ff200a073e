/// Why incoming data was dropped or refused.
package enum DropReason: String, Sendable, Hashable, CaseIterable {
    /// A message that doesn't have five frames after its source.
    case frameCount = "frame_count"
    /// A packed frame that is malformed.
    case packed
    /// A message, or a part of one, that is larger than allowed.
    case tooLarge = "too_large"
    /// The sender's identity is not an endpoint that may be dialled.
    case source
    /// The id or subject is not UTF-8.
    case encoding
    /// Neither a request nor an answer.
    case kind
    /// Headers that are not a map.
    case headers
    /// An answer to a request that is not, or no longer, in flight: late, duplicate or made up.
    case unknownReply = "unknown_reply"
    /// An answer from a peer other than the one that was asked.
    case wrongPeer = "wrong_peer"
    /// A request on a connection where only answers are expected.
    case unexpectedRequest = "unexpected_request"
    /// An answer that could not be delivered: the peer is gone or doesn't read.
    case undeliverable
    /// A connection whose other side doesn't speak ØMQ, or has failed to prove its key.
    case handshake
    /// A connection from somebody whom the policy doesn't admit.
    case unauthorized
}
