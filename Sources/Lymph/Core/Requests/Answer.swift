/// What a request is answered with.
public enum Answer: Sendable {
    /// The encoded result.
    case reply([UInt8])
    /// An error that the method declares.
    case error(RemoteError)
    /// A refusal, or the failure of the method.
    case nack(Refusal)
    /// Nothing more: a ``RawRPC`` method answers through its ``ReplyChannel``. `first` is what it sent there before it returned; nil
    /// if it keeps the channel to answer later.
    case channel(first: MessageKind? = nil)
}
