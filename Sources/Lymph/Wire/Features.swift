/// Protocol extensions that a peer supports beyond Python lymph's protocol.
///
/// A peer announces them in the headers of its messages, or implicitly by sending a packed frame: only peers with all
/// features of ``packing`` send those.
package struct Features: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It reads answers on the connection that it sent the request on. The header `return: same`.
    package static let sameConnection = Features(rawValue: 1)
    /// It reads packed frames.
    package static let packed = Features(rawValue: 2)

    /// What the sender of a packed frame supports.
    package static let packing: Features = [.sameConnection, .packed]

    /// The features that the header `features` lists by name.
    static let named: [(name: String, feature: Features)] = [("packed", .packed)]

    /// Adds a feature that the header `features` lists. Unknown names are ignored: they come from newer peers.
    mutating func insert(named name: String) {
        for known in Self.named where known.name == name { insert(known.feature) }
    }

    /// The number of names in the header `features`.
    var nameCount: Int { Self.named.count { contains($0.feature) } }
}
