/// The names of Python lymph's extension objects, `{"__type__": NAME, "_": VALUE}`.
enum ObjectName: String, CaseIterable {
    case datetime
    case date
    case time
    case decimal = "Decimal"
    case uuid = "UUID"
    case set
    case undefined = "UndefinedType"

    /// The key that holds the name.
    static let typeKey: StaticString = "__type__"
    /// The key that holds the value.
    static let valueKey: StaticString = "_"

    /// The name on the wire, without the cost of a `String`.
    var wireName: StaticString {
        switch self {
        case .datetime: "datetime"
        case .date: "date"
        case .time: "time"
        case .decimal: "Decimal"
        case .uuid: "UUID"
        case .set: "set"
        case .undefined: "UndefinedType"
        }
    }

    init?(text: UnsafeRawBufferPointer) {
        guard let name = Self.allCases.first(where: { text.isEqual(to: $0.wireName) }) else { return nil }
        self = name
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are exactly those of `text`.
    func isEqual(to text: StaticString) -> Bool {
        isEqual(to: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether both hold the same bytes.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// Whether the bytes are exactly those of `text`.
    func isEqual(to text: String) -> Bool {
        text.withText { isEqual(to: $0) }
    }
}
