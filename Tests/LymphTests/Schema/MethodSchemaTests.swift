import MessagePack
import Testing

@testable import Lymph

struct MethodSchemaTests {
    private struct Closed: Error {}

    private static let place = MethodSchema(
        of: [
            .init("lines", [Line].self), .init("note", String?.self, absent: .some(String?.none)),
            .init("copies", Int.self, absent: 1),
            .init("shop", String.self, absent: String(repeating: "x", count: 100)),
        ],
        returning: Order.self, raises: [SoldOut.self, Closed.self], isIdempotent: true)

    @Test func writesASignature() {
        #expect(
            Self.place.signature("place")
                == "place(lines: [Line], note: String?, copies: Int = 1, shop: String = …) -> Order")
        #expect(MethodSchema(of: [], returning: Void.self, raises: []).signature("reset") == "reset()")
    }

    @Test func explainsEveryTypeOnce() {
        #expect(
            Self.place.notes.map { "\($0.title): \($0.text)" } == [
                "Line: sku: String, quantity: Int, note: String?",
                "Order: id: UUID, lines: [Line], placed: Date, total: Decimal, state: State, tags: Set<String>, "
                    + "prices: [String: Double]", #"State: "open" | "closed""#,
                "raises: SoldOut(sku: String), Closed", "idempotent: may run twice for one call",
            ])
    }

    @Test func whatIsUnknownIsLeftOut() {
        let method = MethodSchema(parameters: [.init("a", nil), .init("b", .list(.opaque("Thing")))])
        #expect(method.signature("f") == "f(a, b: [Thing])")
        #expect(method.notes.isEmpty)
        let raw = MethodSchema(raises: [.init("Closed")])
        #expect(raw.wireFields.map(\.name) == ["raises"])
        #expect(raw.json { _ in .null }["params"] == nil)
    }

    @Test func aDefaultMayBeTooLargeOrNoValue() {
        struct Unencodable: Sendable {}
        let method = MethodSchema(
            of: [
                .init("a", String.self, absent: String(repeating: "x", count: MethodSchema.longestDefault)),
                .init("b", Unencodable.self, absent: Unencodable()), .init("c", Int?.self, absent: Int?.some(2)),
            ], returning: nil, raises: [])
        #expect(method.parameters.map(\.defaultValue) == [nil, nil, 2])
        #expect(method.parameters.allSatisfy { !$0.isRequired })
        #expect(method.signature("f") == "f(a: String = …, b: Unencodable = …, c: Int? = 2)")
    }

    @Test func onlyTypesThatAreMentionedAreDefined() {
        let definitions = ["A", "B", "C"].map { TypeDefinition($0, .alias(.named($0 == "A" ? "B" : "A"))) }
        let method = MethodSchema(result: .named("B"), definitions: definitions + definitions)
        #expect(method.definitions.map(\.name) == ["B", "A"])
    }
}
