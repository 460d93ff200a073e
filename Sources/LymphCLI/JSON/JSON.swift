/// A JSON document that keeps what was written: integers stay integers, floats stay floats, members keep their order.
///
/// Foundation's reader turns `1.0` into the same number as `1` and says little about where a mistake is. For lymph
/// they are values of different types, and what a person has typed should be what is sent.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer above `Int64.max`.
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A name with its value.
    struct Member: Equatable, Sendable {
        var name: String
        var value: JSON
    }

    /// The value of a name in an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text or nil.
    static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral
{
    init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member(name: $0, value: $1) }) }
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
}
