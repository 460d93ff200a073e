/// How an outgoing call ended.
package enum CallOutcome: Sendable, Hashable {
    /// With an answer of this kind.
    case answered(MessageKind)
    case failed(LymphError.Code)
    case cancelled

    /// The value of its tag in the metrics.
    var tag: String {
        switch self {
        case .answered(let kind): kind.rawValue
        case .failed(let code): code.description
        case .cancelled: "cancelled"
        }
    }
}

/// How an incoming request was answered.
package enum RequestOutcome: Sendable, Hashable {
    case replied
    case acknowledged
    /// With an error that the method has declared.
    case errored
    case refused(NackReason)

    /// - Parameters:
    ///   - kind: The kind of the answer.
    ///   - reason: The reason of a NACK.
    init(_ kind: MessageKind, reason: NackReason?) {
        self =
            switch kind {
            case .reply: .replied
            case .ack: .acknowledged
            case .error: .errored
            // `request` and `cancel` cannot occur: they are not kinds of answers.
            case .nack, .request, .cancel: .refused(reason ?? .failed)
            }
    }

    /// The value of its tag in the metrics. Methods can give any text as a reason: unknown ones share one tag.
    var tag: String {
        switch self {
        case .replied: MessageKind.reply.rawValue
        case .acknowledged: MessageKind.ack.rawValue
        case .errored: MessageKind.error.rawValue
        case .refused(let reason): reason.isKnown ? "nack_\(reason)" : "nack_other"
        }
    }
}

/// Why a request was cancelled while it ran or after its method had returned.
package enum CancellationReason: String, Sendable, Hashable, CaseIterable {
    /// Its caller has said that it waits no longer.
    case caller
    /// Its deadline has passed.
    case deadline
    /// The connection of its caller is gone.
    case disconnected
}
