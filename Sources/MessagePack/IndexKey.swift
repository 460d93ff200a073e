/// The index of an array element as a coding key.
struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }

    var intValue: Int? { index }
    var stringValue: String { "Index \(index)" }

    init?(intValue: Int) { index = intValue }
    init?(stringValue: String) { return nil }
}

/// A coding key that is only a name.
struct NameKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }

    /// The key that the standard library prescribes for the value of a superclass.
    static let superclass = NameKey(stringValue: "super")
}
