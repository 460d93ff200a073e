internal import Lymph

/// The values for which JSON has no form. They are written in lymph's format, `{"__type__": NAME, "_": VALUE}`.
///
/// The first seven are Python lymph's own. `bytes` are in Base64; a `float` is `NaN`, `Infinity` or `-Infinity`; a
/// `timestamp` is MessagePack's; an `ext` is the extension type's number, a colon and its bytes, `101:AQID`.
package enum TypedName: String, CaseIterable {
    case datetime
    case date
    case time
    case decimal = "Decimal"
    case uuid = "UUID"
    case set
    case undefined = "UndefinedType"
    case bytes
    case float
    case timestamp
    case ext

    static let typeKey = "__type__"
    static let valueKey = "_"

    /// An example of the value, for error messages.
    package var example: String {
        switch self {
        case .datetime: "\"2015-11-23T12:34:56+0530\""
        case .date: "\"2015-11-23\""
        case .time: "\"12:34:56Z\""
        case .decimal: "\"1.50\""
        case .uuid: "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""
        case .set: "[1, 2]"
        case .undefined: "\"\""
        case .bytes: "\"AQID\""
        case .float: "\"NaN\", \"Infinity\" or \"-Infinity\""
        case .timestamp: "\"1448281696.123456789\""
        case .ext: "\"5:AQID\""
        }
    }

    /// A value of the type.
    func callAsFunction(_ value: JSON) -> JSON {
        [Self.typeKey: .string(rawValue), Self.valueKey: value]
    }
}
