import MessagePack
import Testing

@Suite("Description of values")
struct DescriptionTests {
    @Test(
        "Every case is readable",
        arguments: [
            (nil, "nil"), (.undefined, "undefined"), (true, "true"), (-5, "-5"), (.uint(.max), "18446744073709551615"),
            (1.5, "1.5"), (.float(0.25), "0.25"), ("a\"b\n", #""a\"b\n""#), (.binary([]), "<0 bytes>"),
            (.binary([0, 255]), "<2 bytes: 00ff>"), ([1, "a"], #"[1, "a"]"#), ([:], "{}"),
            (["a": 1, 2: [:]], #"{"a": 1, 2: {}}"#), (.ext(type: 5, bytes: [1]), "ext(5, <1 byte: 01>)"),
            (.timestamp(Timestamp(seconds: -1)), "timestamp(-1.000000000)"), (.set([1, 2]), "set(1, 2)"),
            (.decimal(ExactDecimal(5)), "Decimal(5)"),
            (.uuid(UniqueIdentifier(high: 1, low: 2)), "UUID(00000000-0000-0001-0000-000000000002)"),
        ] as [(Value, String)])
    func cases(value: Value, text: String) {
        #expect(value.description == text)
        #expect("\(value)" == text)
    }

    @Test("Calendar values are readable")
    func calendar() throws {
        #expect(
            try Value.datetime(#require(DateTime("2015-11-23T12:34:56+0530"))).description
                == "datetime(2015-11-23T12:34:56+0530)")
        #expect(try Value.date(#require(CalendarDate("2015-11-23"))).description == "date(2015-11-23)")
        #expect(try Value.time(#require(TimeOfDay("12:34:56Z"))).description == "time(12:34:56Z)")
    }

    @Test("Descriptions of long, wide or deep values are cut short")
    func bounds() {
        let long = Value.string(String(repeating: "x", count: 100_000))
        #expect(long.description.utf8.count < 300)
        #expect(Value.binary([UInt8](repeating: 7, count: 100_000)).description.hasPrefix("<100000 bytes: 0707"))
        let wide = Value.array([Value](repeating: long, count: 10_000))
        #expect(wide.description.utf8.count < 1500)
        #expect(wide.description.hasSuffix("…]"))
        var deep: Value = []
        for _ in 0..<200 { deep = [deep, ["k": deep]] }
        #expect(deep.description.utf8.count < 2000)
        let decimal = ExactDecimal(String(repeating: "1", count: 100_000)).map(Value.decimal)
        #expect(decimal.map { $0.description.utf8.count < 300 } == true)
        let marked = Value.string("a" + String(repeating: "\u{301}", count: 30_000))
        #expect(marked.description.utf8.count < 2500)
    }
}
