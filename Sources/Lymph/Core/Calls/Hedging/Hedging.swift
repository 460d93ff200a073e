/// When a call that is not answered yet is sent to a second instance, whose answer then counts as well: the first one wins,
/// and the other instance is told to stop.
///
/// A slow instance, or one that is slow for a moment, then no longer decides how long the slowest calls take. Only
/// idempotent calls by a service's name are hedged, and only while there is another healthy and connected instance.
/// A client hedges 2 % of the calls that may be, and two at the beginning; up to ten that were not needed are saved. They count as
/// retries within the limit of those. When an instance refuses such a call because it is overloaded, none of its service is
/// hedged for 5 seconds.
///
/// Whether a method is idempotent is said by the caller (``CallOptions/idempotent``) or by the method itself
/// (`RPC("get", "key", idempotent: true)`): the client asks an instance for that as soon as it would hedge a call to it.
public struct Hedging: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case never
        case after(Duration)
        case afterPercentile(Double)
    }

    let kind: Kind

    /// After this time; at once if it is not positive.
    public static func after(_ delay: Duration) -> Hedging { Hedging(kind: .after(delay)) }

    /// After the time in which this percentage of the method's calls is answered, as the client has seen it lately: with
    /// 95, a call that takes longer than 95 % of the calls. The first 20 calls of a method are not hedged.
    ///
    /// - Parameter percentage: More than 0 and less than 100. With anything else the calls fail with code
    ///   `invalidRequest`.
    public static func afterPercentile(_ percentage: Double) -> Hedging { Hedging(kind: .afterPercentile(percentage)) }

    /// Not at all, whatever is set further out.
    public static let never = Hedging(kind: .never)

    /// What is wrong with it, if something is.
    var mistake: String? {
        guard case .afterPercentile(let percentage) = kind, !(percentage > 0 && percentage < 100) else { return nil }
        return "a hedge after percentile \(percentage): it has to be more than 0 and less than 100"
    }
}
