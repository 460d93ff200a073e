/// The names of Python lymph's extension objects, `{"__type__": NAME, "_": VALUE}`.
enum ObjectName: String {
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

}
