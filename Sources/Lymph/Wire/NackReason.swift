/// Why a request was answered with NACK, if the service says so.
///
/// It travels in the answer header `reason`, which Python lymph neither sends nor reads.
public struct NackReason: Sendable, Hashable, CustomStringConvertible {
    /// The text in the header.
    public let description: String

    /// A reason with any text.
    public init(_ text: String) { description = text }

    /// There is no such interface, method or version, or the arguments don't fit. Nothing was executed.
    public static let rejected = NackReason("rejected")
    /// The service is overloaded. Nothing was executed.
    public static let overloaded = NackReason("overloaded")
    /// The service is draining. Nothing was executed.
    public static let draining = NackReason("draining")
    /// The caller's deadline had passed before the method could start. Nothing was executed.
    public static let expired = NackReason("expired")
    /// The caller may not do this. Nothing was executed.
    public static let unauthorized = NackReason("unauthorized")
    /// The method ran and failed, or its result could not be sent.
    public static let failed = NackReason("failed")

    /// Whether the reason is one of the predefined ones.
    var isKnown: Bool { self == .failed || isSurelyNotExecuted }

    /// Whether another instance might accept the request.
    var isWorthRetrying: Bool { self == .overloaded || self == .draining }

    /// Whether the request was certainly not executed, so that it is safe to send it again.
    public var isSurelyNotExecuted: Bool {
        [.rejected, .overloaded, .draining, .expired, .unauthorized].contains(self)
    }
}
