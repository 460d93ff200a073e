/// What a peer can do beyond Python lymph's protocol.
///
/// A peer says so in the headers of its messages, or by sending a packed frame, which only those send that have all of
/// ``packing``. Whoever has to know asks here.
package struct Features: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It reads the connection that it sent on: an answer goes back there. The header `return: same`.
    package static let sameConnection = Features(rawValue: 1)
    /// It reads packed frames.
    package static let packed = Features(rawValue: 2)

    /// What the sender of a packed frame has.
    package static let packing: Features = [.sameConnection, .packed]

    /// Those that the header `features` lists, by their names.
    private static let named: [(name: String, feature: Features)] = [("packed", .packed)]

    /// Reads names. Those that are unknown are of peers that are newer.
    init(names: some Sequence<String>) {
        self = []
        for name in names {
            if let known = Self.named.first(where: { $0.name == name }) { insert(known.feature) }
        }
    }

    /// The names that the header `features` has for these.
    var names: [String] { Self.named.filter { contains($0.feature) }.map(\.name) }
}
