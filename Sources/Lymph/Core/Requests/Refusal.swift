/// Why a request is answered with NACK.
///
/// A method or an interceptor refuses a request before it has done anything:
///
/// ```swift
/// throw Refusal(.unauthorized, "only operators may do this")
/// ```
public struct Refusal: Error, Sendable, Hashable {
    /// The reason that the caller gets.
    public let reason: NackReason

    /// What the service logs.
    public let text: String

    /// What the caller is told besides the reason, in the header `detail`; Python peers ignore it. Nil reveals nothing
    /// about the service.
    public let detail: String?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - reason: The reason that the caller gets.
    ///   - detail: What the caller is told besides the reason; shortened to about 400 bytes.
    ///   - log: What the service logs, if that should be something else.
    public init(_ reason: NackReason, _ detail: String? = nil, log: String? = nil) {
        self.reason = reason
        text = log ?? detail ?? ""
        self.detail = detail?.shortened
    }

    /// The refusal for a mistake of the caller.
    ///
    /// - Parameter detail: What the caller is told, if that should be less than what is logged.
    static func rejected(_ text: String, detail: String? = nil) -> Refusal {
        Refusal(.rejected, detail ?? text, log: text)
    }

    /// The refusal that a method expresses by throwing a ``LymphError`` with the code `nack`. One that came from
    /// another service does not count: the method has run, so it has failed.
    init?(thrownBy method: LymphError) {
        guard method.code == .nack, method.answer == nil else { return nil }
        let reason = method.reason ?? .failed
        self.init(reason, reason == .failed ? nil : method.message, log: method.message)
    }
}

extension Refusal: CustomStringConvertible {
    /// The reason and the text.
    public var description: String { text.isEmpty ? reason.description : "\(reason): \(text)" }
}
