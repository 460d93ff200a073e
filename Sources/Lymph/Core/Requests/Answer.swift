/// The answer to a request.
public enum Answer: Sendable {
    /// The encoded result.
    case reply([UInt8])
    /// An error that the method has declared.
    case error(RemoteError)
    /// A refusal, or an unexpected failure of the method.
    case nack(Refusal)
    /// Nothing more: a ``RawRPC`` method answers through its ``ReplyChannel``. `first` is the kind of the first answer
    /// that it sent there before it returned; nil if it sent none so far.
    case channel(first: MessageKind? = nil)
}

extension Answer: CustomStringConvertible {
    /// The kind and what matters about it, without the body: for logs.
    public var description: String {
        switch self {
        case .reply(let body): "reply of \(body.count) bytes"
        case .error(let error): "error \(error.type)"
        case .nack(let refusal): "nack \(refusal.reason)"
        case .channel(nil): "channel"
        case .channel(let first?): "channel, first \(first)"
        }
    }
}
