/// What a reader accepts before it gives up on a message.
///
/// Every limit exists because a few bytes can otherwise cost a lot of memory or stack. No limit is needed against
/// lengths: a header that promises more elements or bytes than the message still holds fails before anything is
/// allocated.
public struct MessagePackLimits: Sendable, Hashable {
    /// The number of containers that may be open inside one another, 64 unless changed.
    ///
    /// Extension objects count as the containers that they are made of: a UUID is a map, a set is a map with an array.
    /// Reading a nested value costs stack, so values above ``maximumDepth`` count as ``maximumDepth``.
    public var depth: Int

    /// The number of array elements, map keys and map values in the whole message, or nil for as many as it has bytes.
    ///
    /// An element takes one byte at least on the wire and 24 in memory as a ``Value``; a lower limit bounds the memory
    /// that a large message can claim.
    public var elements: Int?

    /// The depth above which a larger ``depth`` has no effect.
    public static let maximumDepth = 256

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - depth: The number of containers that may be open inside one another.
    ///   - elements: The number of elements in the whole message, or nil for as many as it has bytes.
    public init(depth: Int = 64, elements: Int? = nil) {
        self.depth = depth
        self.elements = elements
    }

    /// The depth that is enforced.
    var effectiveDepth: Int { min(max(depth, 0), Self.maximumDepth) }
}
