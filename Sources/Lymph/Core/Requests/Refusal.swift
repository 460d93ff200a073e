/// Why a request is answered with NACK.
public struct Refusal: Sendable, Hashable {
    /// The reason that the caller gets.
    public let reason: NackReason

    /// What the service logs.
    public let text: String

    /// What the caller is told beyond the reason: the header `detail`, which Python peers don't see. Nil keeps the inside of the
    /// service inside.
    public let detail: String?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - reason: The reason that the caller gets.
    ///   - text: What the service logs.
    ///   - detail: What the caller is told beyond the reason; shortened to some 400 bytes.
    public init(_ reason: NackReason, _ text: String, detail: String? = nil) {
        self.reason = reason
        self.text = text
        self.detail = detail?.shortened
    }

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
