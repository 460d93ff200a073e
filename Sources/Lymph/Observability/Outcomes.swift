/// How a call of ours ended.
package enum CallOutcome: Sendable, Hashable {
    /// With an answer of this kind.
    case answered(MessageKind)
    case failed(LymphError.Code)
    case cancelled

    /// What the metrics call it.
    var tag: String {
        switch self {
        case .answered(let kind): kind.rawValue
        case .failed(let code): code.description
        case .cancelled: "cancelled"
        }
    }
}

/// How a request to us was answered.
package enum RequestOutcome: Sendable, Hashable {
    case replied
    case acknowledged
    /// With an error that the method declares.
    case errored
    case refused(NackReason)

    /// - Parameters:
    ///   - kind: What the answer is.
    ///   - reason: Why it is a NACK, if it is one.
    init(_ kind: MessageKind, reason: NackReason?) {
        self =
            switch kind {
            case .reply: .replied
            case .ack: .acknowledged
            case .error: .errored
            // No answer is a request.
            case .nack, .request: .refused(reason ?? .failed)
            }
    }

    /// What the metrics call it. The reasons of methods may be any text: those that are not known are counted together.
    var tag: String {
        switch self {
        case .replied: MessageKind.reply.rawValue
        case .acknowledged: MessageKind.ack.rawValue
        case .errored: MessageKind.error.rawValue
        case .refused(let reason): reason.isKnown ? "nack_\(reason)" : "nack_other"
        }
    }
}
