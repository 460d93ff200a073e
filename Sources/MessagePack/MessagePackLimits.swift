/// The limits beyond which a reader refuses a message.
///
/// Each limit exists because otherwise a few bytes could cost a lot of memory or stack. Lengths need no limit: a
/// header that promises more elements or bytes than the message still holds fails before anything is allocated.
public struct MessagePackLimits: Sendable, Hashable {
    /// How deeply containers may be nested; 64 by default.
    ///
    /// Extension objects count as the containers that they consist of: a UUID is a map, a set is a map that contains
    /// an array. Reading a nested value costs stack, so values above ``maximumDepth`` are treated as
    /// ``maximumDepth``.
    public var depth: Int

    /// The number of array elements, map keys and map values in the whole message, or nil for as many as it has bytes.
    ///
    /// On the wire an element takes at least one byte, and in memory 24 as a ``Value``; a lower limit bounds the
    /// memory that a large message can claim.
    public var elements: Int?

    /// The largest effective ``depth``.
    public static let maximumDepth = 256

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - depth: How deeply containers may be nested.
    ///   - elements: The number of elements in the whole message, or nil for as many as it has bytes.
    public init(depth: Int = 64, elements: Int? = nil) {
        self.depth = depth
        self.elements = elements
    }

    /// The depth that is enforced.
    var effectiveDepth: Int { min(max(depth, 0), Self.maximumDepth) }
}
