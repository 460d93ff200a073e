import Testing

@testable import Lymph

@Suite("Routes")
struct RoutesTests {
    private func names(@RoutesBuilder<StubInterface> _ routes: () -> Routes<StubInterface>) -> [String] {
        Routes(routes).all.map(\.name)
    }

    private static let two = Routes<StubInterface> {
        RPC("one") { _ in 1 }
        RawRPC("two") { _, _, _ in }
    }

    private static let three = Routes<StubInterface> {
        two
        RPC("three") { _ in 3 }
    }

    @Test("routes keep their order; lists can be nested")
    func nested() {
        #expect(names {}.isEmpty)
        #expect(names { Self.three } == ["one", "two", "three"])
        #expect(
            names {
                RPC("a") { _ in }
                Self.three
                Routes<StubInterface> { RPC("b") { _ in } }
                RPC("c") { _ in }
            } == ["a", "one", "two", "three", "b", "c"])
    }

    @Test("routes may contain an if without else", arguments: [true, false])
    func optional(isOn: Bool) {
        let result = names {
            RPC("a") { _ in }
            if isOn { RPC("debug") { _ in } }
            RPC("b") { _ in }
        }
        #expect(result == (isOn ? ["a", "debug", "b"] : ["a", "b"]))
    }

    @Test("routes may contain an if with else, and a switch", arguments: 0..<4)
    func either(number: Int) {
        let chosen = names {
            if number == 0 {
                RPC("zero") { _ in }
            } else if number == 1 {
                RPC("one") { _ in }
                RPC("first") { _ in }
            } else {
                Self.two
            }
        }
        let switched = names {
            switch number {
            case 0: RPC("zero") { _ in }
            case 1:
                RPC("one") { _ in }
                RPC("first") { _ in }
            default: Self.two
            }
        }
        let expected = number == 0 ? ["zero"] : number == 1 ? ["one", "first"] : ["one", "two"]
        #expect(chosen == expected)
        #expect(switched == expected)
    }

    @Test("routes may contain a for loop")
    func loop() {
        let result = names {
            for number in 0..<3 {
                RPC("get\(number)") { _ in number }
                if number == 1 { RPC("set\(number)", "value") { (_, _: Int) in } }
            }
        }
        #expect(result == ["get0", "get1", "set1", "get2"])
    }

    @Test("a route knows name, parameters and help of its method")
    func contents() {
        let routes = Routes<StubInterface> {
            RPC("f", "a", Parameter("b", default: 1), "c", help: "Helps.") { (_, _: String, _: Int, _: Int?) in }
            RPC("g", idempotent: true) { _ in 1 }
            RawRPC("h", help: "Raw.") { _, _, _ in }
        }.all
        #expect(routes.map(\.parameters) == [["a", "b", "c"], [], []])
        #expect(routes.map(\.traits.help) == ["Helps.", "", "Raw."])
        #expect(routes.map(\.traits.isIdempotent) == [false, true, false])
    }
}
