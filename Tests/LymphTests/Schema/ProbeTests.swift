import Foundation
import MessagePack
import Testing

@testable import Lymph

/// A type, its schema as text, and the named types in it.
struct Golden: Sendable, CustomTestStringConvertible {
    let type: Any.Type
    let text: String
    let definitions: [String]

    init(_ type: Any.Type, _ text: String, _ definitions: String...) {
        (self.type, self.text, self.definitions) = (type, text, definitions)
    }

    var testDescription: String { "\(type)" }

    static let scalars = [
        Golden(Bool.self, "Bool"), Golden(Int.self, "Int"), Golden(UInt8.self, "UInt8"), Golden(Float.self, "Double"),
        Golden(String.self, "String"), Golden(Data.self, "Data"), Golden([UInt8].self, "Data"),
        Golden(Decimal.self, "Decimal"), Golden(UUID.self, "UUID"), Golden(Date.self, "Date"),
        Golden(DateTime.self, "DateTime"), Golden(Value.self, "Value"), Golden(Void.self, "Void"),
        Golden(ID.self, "String"),
    ]

    static let containers = [
        Golden(Int?.self, "Int?"), Golden(Int??.self, "Int?"), Golden([[String?]].self, "[[String?]]"),
        Golden(Set<UUID>.self, "Set<UUID>"), Golden([Int: Bool].self, "[Int: Bool]"),
        Golden(Map.self, "[Value: Value]"), Golden([ID: Int].self, "[String: Int]"),
        Golden(ContiguousArray<Int>.self, "[Int]"), Golden(Range<Int>.self, "(Int, Int)"),
        Golden(Duration.self, "(Int, UInt)"), Golden(Pair.self, "(String, Int32)"), Golden(Numbers.self, "[UInt16]"),
        Golden([Listed: Int].self, "[Listed: Int]", #"Listed: "one" | "two" | "III""#),
    ]

    static let objects = [
        Golden(Line.self, "Line", "Line: sku: String, quantity: Int, note: String?"),
        Golden(
            Order.self, "Order",
            "Order: id: UUID, lines: [Line], placed: Date, total: Decimal, state: State, tags: Set<String>, "
                + "prices: [String: Double]",
            "Line: sku: String, quantity: Int, note: String?", #"State: "open" | "closed""#),
        Golden(Renamed.self, "Renamed", "Renamed: stock_keeping_unit: String"),
        Golden(Nothing.self, "Nothing", "Nothing: nothing"),
        Golden(
            Page<Line>.self, "Page<Line>", "Page<Line>: items: [Line], next: Int?",
            "Line: sku: String, quantity: Int, note: String?"),
        Golden(Flattened.self, "Flattened", "Flattened: at: Flattened.at", "Flattened.at: x: Int"),
        Golden(Dog.self, "Dog", "Dog: breed: String, name: String"),
        Golden(Asking.self, "Asking", "Asking: a: Int?"),
        Golden(Positive.self, "Positive", "Positive: code: Int, name: String"),
        Golden(Sparse.self, "Sparse", "Sparse: a: Int?, b: Int?"),
        Golden(URL.self, "URL", "URL: relative: String, base: URL?"),
        Golden(
            Outer.Both.self, "Both", "Both: mine: Line, other: LymphTests.Line", "Line: x: Int",
            "LymphTests.Line: sku: String, quantity: Int, note: String?"),
        Golden(
            Everything.self, "Everything",
            "Everything: bool: Bool, text: String, data: Data, bytes: Data, double: Double, float: Double, i: Int, "
                + "i8: Int8, i16: Int16, i32: Int32, i64: Int, u: UInt, u8: UInt8, u16: UInt16, u32: UInt32, "
                + "u64: UInt, value: Value, map: [Value: Value], timestamp: Timestamp, datetime: DateTime, "
                + "day: CalendarDate, time: TimeOfDay, exact: Decimal, decimal: Decimal, unique: UUID, uuid: UUID, "
                + "date: Date"),
    ]

    static let enums = [
        Golden(Listed.self, "Listed", #"Listed: "one" | "two" | "III""#), Golden(Level.self, "Level", "Level: 1 | 9"),
        Golden(Alone.self, "Alone", #"Alone: "only""#),
        Golden(
            Shape.self, "Shape", "Shape: circle(radius: Double) | rectangle(_0: Double, _1: Double) | point"),
    ]

    static let recursive = [
        Golden(Tree.self, "Tree", "Tree: name: String, children: [Tree], parent: Tree?"),
        Golden(Nest.self, "Nest", "Nest: [Nest]"),
        Golden(
            Expression.self, "Expression",
            "Expression: sum(_0: Expression, _1: Expression) | number(_0: Int)"),
    ]

    static let unclear = [
        Golden(TextOrNumber.self, "TextOrNumber"), Golden(Lenient.self, "String"),
        Golden(OnlyEncodable.self, "OnlyEncodable"),
        Golden([OnlyEncodable?].self, "[OnlyEncodable?]"), Golden(Picky.self, "Picky", "Picky: code: String, …"),
        Golden(BehindPicky.self, "BehindPicky", "BehindPicky: before: Int, picky: Picky, …", "Picky: code: String, …"),
        Golden(AnyKeys.self, "AnyKeys", "AnyKeys: …"),
    ]

    static let all = scalars + containers + objects + enums + recursive + unclear
}

struct ProbeTests {
    @Test(arguments: Golden.all)
    func findsOutWhatATypeIs(golden: Golden) {
        let method = MethodSchema(of: [], returning: golden.type, raises: [])
        #expect(method.result?.description == golden.text)
        #expect(method.definitions.map { "\($0.name): \($0.text)" } == golden.definitions)
    }

    @Test func countsTheGoldenTypes() { #expect(Golden.all.count >= 30) }

    @Test func typesThatLookAlikeKeepTheirOrder() {
        func names(_ types: Any.Type...) -> [String] {
            let arguments = types.map { ErasedParameter("a", $0) }
            return MethodSchema(of: arguments, returning: nil, raises: []).definitions.map(\.name)
        }
        #expect(names(Line.self, Outer.Line.self) == ["Line", "LymphTests.Outer.Line"])
        #expect(names(Outer.Line.self, Line.self) == ["Line", "LymphTests.Line"])
    }

    @Test func localTypesWithOneNameAreNumbered() {
        func first() -> Any.Type {
            struct Local: Codable { let a: Int }
            return Local.self
        }
        func second() -> Any.Type {
            struct Local: Codable { let b: Int }
            return Local.self
        }
        let probe = Probe()
        #expect([first(), second(), first()].map { "\(probe.schema(of: $0))" } == ["Local", "Local2", "Local"])
    }
}
