/// Why a request was answered with NACK, as far as the service says so.
///
/// It travels in the reply header `reason`, which Python lymph neither sends nor minds.
public struct NackReason: Sendable, Hashable, CustomStringConvertible {
    /// The text in the header.
    public let description: String

    /// A reason with any text.
    public init(_ text: String) { description = text }

    /// There is no such interface, method or version, or the arguments don't fit. Nothing was executed.
    public static let rejected = NackReason("rejected")
    /// The service has too much to do. Nothing was executed.
    public static let overloaded = NackReason("overloaded")
    /// The service is about to stop. Nothing was executed.
    public static let draining = NackReason("draining")
    /// The caller's deadline was over before the method could start. Nothing was executed.
    public static let expired = NackReason("expired")
    /// The caller may not do this. Nothing was executed.
    public static let unauthorized = NackReason("unauthorized")
    /// The method ran and failed, or its result could not be sent.
    public static let failed = NackReason("failed")

    /// Whether the reason is one of these.
    var isKnown: Bool { self == .failed || isSurelyNotExecuted }

    /// Whether another instance may take the request.
    var isWorthRetrying: Bool { self == .overloaded || self == .draining }

    /// Whether the request is surely not executed, so that it can be sent again without harm.
    public var isSurelyNotExecuted: Bool {
        [.rejected, .overloaded, .draining, .expired, .unauthorized].contains(self)
    }
}
