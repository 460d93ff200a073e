/// Why a request is answered with NACK.
struct Refusal: Sendable, Hashable {
    let reason: NackReason

    /// For the log.
    let text: String

    /// For the caller, who did something wrong: the header `detail`. Nil keeps the inside of the service inside.
    let detail: String?

    private init(_ reason: NackReason, _ text: String, detail: String?) {
        self.reason = reason
        self.text = text
        self.detail = detail?.shortened
    }

    /// The state of the service, or a failure in it.
    init(_ reason: NackReason, _ text: String) { self.init(reason, text, detail: nil) }

    /// A mistake of the caller.
    ///
    /// - Parameter detail: What the caller is told, if that is less than what is logged.
    static func rejected(_ text: String, detail: String? = nil) -> Refusal {
        Refusal(.rejected, text, detail: detail ?? text)
    }

    /// What a method says by throwing an error with the code `nack`. One that came from another service and was let through is a
    /// failure of the method, which has run.
    init?(thrownBy method: LymphError) {
        guard method.code == .nack, method.answer == nil else { return nil }
        let reason = method.reason ?? .failed
        self.init(reason, method.message, detail: reason == .failed ? nil : method.message)
    }
}
