internal import MessagePack

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
    /// It reads messages of kind `CANCEL`.
    package static let cancel = Features(rawValue: 4)
    /// It reads the deadline of a request in a packed frame.
    package static let deadline = Features(rawValue: 8)

    /// What the sender of a packed frame supports.
    package static let packing: Features = [.sameConnection, .packed]
    /// What we support.
    package static let ours: Features = [.sameConnection, .packed, .cancel, .deadline]

    /// The features that the header `features` and the registry list by name.
    static let named: [(name: String, feature: Features)] = [
        ("packed", .packed), ("cancel", .cancel), ("deadline", .deadline),
    ]

    /// The features that a list names. Unknown names are ignored: they come from newer peers.
    package init(names: some Sequence<String>) {
        self = []
        for name in names { insert(named: name) }
    }

    /// Adds a feature that the header `features` lists, if the name is known.
    mutating func insert(named name: String) {
        for known in Self.named where known.name == name { insert(known.feature) }
    }

    /// The names for the header `features` and for the registry.
    package var names: [String] { Self.named.filter { contains($0.feature) }.map(\.name) }

    /// The number of names in the header `features`.
    var nameCount: Int { Self.named.count { contains($0.feature) } }

    // MARK: The header `features`

    // Nearly every message in lymph's framing between Swift peers has this list, so it is written and compared as a whole.
    private static let encodedOurs = encoded(.ours)

    private static func encoded(_ features: Features) -> [UInt8] {
        var writer = Writer(capacity: 32)
        writer.writeArrayHeader(features.nameCount)
        for name in features.names { writer.write(name) }
        return writer.bytes
    }

    /// Reads the value of the header; anything but a list counts as an empty one.
    init(from reader: inout Reader) throws(MessagePackError) {
        if reader.skip(ifEqualTo: Self.encodedOurs) {
            self = Self.ours.subtracting(.sameConnection)
        } else {
            self.init(names: (try reader.readValue().arrayValue ?? []).compactMap(\.stringValue))
        }
    }

    /// Writes the header.
    func write(to writer: inout Writer) {
        writer.write("features")
        writer.writeRaw(self == .ours ? Self.encodedOurs : Self.encoded(self))
    }
}
