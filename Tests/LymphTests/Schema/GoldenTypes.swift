import Foundation
import MessagePack

// Types as services declare them, none with an annotation for schemas.

struct Line: Codable {
    let sku: String
    let quantity: Int
    var note: String?
}

struct Order: Codable {
    let id: UUID
    let lines: [Line]
    let placed: Date
    let total: Decimal
    let state: State
    let tags: Set<String>
    let prices: [String: Double]

    enum State: String, Codable { case open, closed }
}

enum Listed: String, Codable, CaseIterable {
    case one, two
    case three = "III"
}

enum Level: Int, Codable { case low = 1, high = 9 }

enum Alone: String, Codable { case only }

struct Renamed: Codable {
    let sku: String
    enum CodingKeys: String, CodingKey { case sku = "stock_keeping_unit" }
}

struct ID: RawRepresentable, Codable, Hashable {
    let rawValue: String
}

enum Shape: Codable {
    case circle(radius: Double)
    case rectangle(Double, Double)
    case point
}

indirect enum Expression: Codable {
    case sum(Expression, Expression)
    case number(Int)
}

final class Tree: Codable {
    let name: String
    let children: [Tree]
    let parent: Tree?
    init(name: String) { (self.name, children, parent) = (name, [], nil) }
}

/// A list of itself.
struct Nest: Codable {
    let nests: [Nest]
    init(from decoder: any Decoder) throws { nests = try decoder.singleValueContainer().decode([Nest].self) }
}

struct Page<Item: Codable>: Codable {
    let items: [Item]
    let next: Int?
}

/// A list with a type for each place.
struct Pair: Codable {
    let name: String
    let place: Int32
    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        (name, place) = (try container.decode(String.self), try container.decode(Int32.self))
    }
}

/// A list that is read to its end.
struct Numbers: Codable {
    var numbers: [UInt16] = []
    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd { numbers.append(try container.decode(UInt16.self)) }
    }
}

/// An object within an object without a type of its own.
struct Flattened: Codable {
    let x: Int
    enum CodingKeys: CodingKey { case at }
    enum AtKeys: CodingKey { case x }
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        x = try container.nestedContainer(keyedBy: AtKeys.self, forKey: .at).decode(Int.self, forKey: .x)
    }
    func encode(to encoder: any Encoder) throws {}
}

class Animal: Codable { var name = "" }

final class Dog: Animal {
    var breed = ""
    enum CodingKeys: CodingKey { case breed }
    required init(from decoder: any Decoder) throws {
        breed = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .breed)
        try super.init(from: decoder)
    }
}

/// Takes one of two forms.
enum TextOrNumber: Codable {
    case text(String), number(Int)
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}

/// Takes any string, although it is an enum of some.
enum Lenient: String, Codable {
    case known, unknown
    init(from decoder: any Decoder) throws {
        self = Lenient(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
    }
}

/// Refuses all made-up values.
struct Picky: Codable {
    let code: String
    let count: Int
    struct Wrong: Error {}
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.decode(String.self, forKey: .code)
        guard code == "open sesame" else { throw Wrong() }
        count = try container.decode(Int.self, forKey: .count)
    }
}

/// Refuses the first made-up value.
struct Positive: Codable {
    let code: Int
    let name: String
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.decode(Int.self, forKey: .code)
        guard code > 0 else { throw Picky.Wrong() }
        name = try container.decode(String.self, forKey: .name)
    }
}

struct BehindPicky: Codable {
    let before: Int
    let picky: Picky
    let hidden: Int
}

/// Has keys that nobody knows.
struct AnyKeys: Codable {
    var values: [String: Int] = [:]
    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys { values[key.stringValue] = try container.decode(Int.self, forKey: key) }
    }
}

/// Reads whatever of its keys is there.
struct Sparse: Codable {
    var values: [String: Int] = [:]
    enum CodingKeys: String, CodingKey { case a, b }
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        for key in container.allKeys { values[key.rawValue] = try container.decode(Int.self, forKey: key) }
    }
    func encode(to encoder: any Encoder) throws {}
}

/// Reads a key only if it is there.
struct Asking: Codable {
    var a = 0
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.a) { a = try container.decode(Int.self, forKey: .a) }
    }
}

struct Everything: Codable {
    let bool: Bool, text: String, data: Data, bytes: [UInt8], double: Double, float: Float
    let i: Int, i8: Int8, i16: Int16, i32: Int32, i64: Int64
    let u: UInt, u8: UInt8, u16: UInt16, u32: UInt32, u64: UInt64
    let value: Value, map: Map, timestamp: Timestamp, datetime: DateTime, day: CalendarDate, time: TimeOfDay
    let exact: ExactDecimal, decimal: Decimal, unique: UniqueIdentifier, uuid: UUID, date: Date
}

struct Nothing: Codable {}

struct SoldOut: Error, Codable { let sku: String }

struct OnlyEncodable: Encodable { let a = 1 }

enum Outer {
    struct Line: Codable { let x: Int }
    struct Both: Codable {
        let mine: Line
        let other: LymphTests.Line
    }
}
