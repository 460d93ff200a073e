import MessagePack
import Testing

@testable import Lymph

@Suite("The arguments of a call")
struct CallArgumentsTests {
    private func read(_ body: [UInt8]) throws -> Value { try Value(decoding: body) }

    private func message(_ body: () throws -> some Any) -> String {
        let error = #expect(throws: LymphError.self) { _ = try body() }
        #expect(error?.code == .invalidRequest)
        #expect(error?.execution == LymphError.Execution.none)
        return error?.message ?? ""
    }

    @Test("the first argument of a call is the method's name")
    func byName() throws {
        let call = try CallArguments(["": "upper", "text": "foo"], method: nil, prefix: "echo.")
        #expect(call.method == "echo.upper")
        #expect(call.body == [0x81, 0xa4] + "text".utf8 + [0xa3] + "foo".utf8)
    }

    @Test("a method can be called as a member")
    func byMember() throws {
        let call = try CallArguments(["a": 1, "b": [true, nil]], method: "add", prefix: "math.deep.")
        #expect(call.method == "math.deep.add")
        #expect(try read(call.body) == ["a": 1, "b": [true, nil]])
    }

    @Test("no arguments are an empty map")
    func none() throws {
        #expect(try CallArguments([:], method: "reset", prefix: "echo.").body == [0x80])
        #expect(try CallArguments(["": "reset"], method: nil, prefix: "echo.").body == [0x80])
    }

    @Test("arguments keep their order, and more than 15 need a longer map")
    func order() throws {
        let call = try CallArguments(
            [
                "z": 0, "y": 1, "x": 2, "w": 3, "v": 4, "u": 5, "t": 6, "s": 7, "r": 8, "q": 9, "p": 10, "o": 11,
                "n": 12, "m": 13, "l": 14, "k": 15,
            ], method: "many", prefix: "echo.")
        #expect(call.body.starts(with: [0xde, 0, 16, 0xa1, 0x7a, 0]))
        #expect(try read(call.body).mapValue?.keys.compactMap(\.stringValue).joined() == "zyxwvutsrqponmlk")
    }

    @Test("values of every kind are encoded")
    func values() throws {
        struct Point: Codable, Sendable { var x = 1, y = 2.5 }
        let call = try CallArguments(
            ["text": "é", "point": Point(), "raw": Value.binary([1]), "none": String?.none, "list": [1, 2]],
            method: "f", prefix: "i.")
        #expect(
            try read(call.body) == [
                "text": "é", "point": ["x": 1, "y": 2.5], "raw": .binary([1]), "none": nil, "list": [1, 2],
            ])
    }

    @Test("a call without the method's name is an error")
    func noName() {
        let text = "the first argument of a call is the method's name, without a label"
        #expect(message { try CallArguments([:], method: nil, prefix: "echo.") } == text)
        #expect(message { try CallArguments(["text": "foo"], method: nil, prefix: "echo.") } == text)
        #expect(message { try CallArguments(["": 1, "text": "foo"], method: nil, prefix: "echo.") } == text)
    }

    @Test("an argument without a label is an error")
    func noLabel() {
        let text = "echo.upper: arguments are named; one of type String has no label"
        #expect(message { try CallArguments(["": "upper", "": "foo"], method: nil, prefix: "echo.") } == text)
        #expect(message { try CallArguments(["a": 1, "": "foo"], method: "upper", prefix: "echo.") } == text)
    }

    @Test("an argument that no Python peer could read is an error")
    func refused() throws {
        #expect(
            message { try CallArguments(["__type__": 1], method: "f", prefix: "i.") }
                .hasPrefix("i.f: argument __type__: "))
        let value = Value.map(["__type__": 1])
        #expect(
            message { try CallArguments(["good": 1, "bad": value], method: "f", prefix: "i.") }
                .hasPrefix("i.f: argument bad: "))
    }

    @Test("the error for an argument that can't be encoded names it and keeps the cause")
    func failing() {
        struct Refusal: Error {}
        struct Stubborn: Encodable, Sendable {
            func encode(to encoder: any Encoder) throws { throw Refusal() }
        }
        let error = #expect(throws: LymphError.self) {
            try CallArguments(["thing": Stubborn()], method: "f", prefix: "i.")
        }
        #expect(error?.message.hasPrefix("i.f: argument thing: ") == true)
        #expect(error?.cause is Refusal)
    }
}
