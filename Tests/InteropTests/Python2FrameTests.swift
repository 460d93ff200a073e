import Lymph
import MessagePack
import Testing

/// Peers that run Python 2.7 write `bin` wherever Python 3 writes `str`: names of headers and arguments, generated
/// trace ids, errors, extension objects. Python 2 can no longer be installed, so these are its bytes.
@Suite("Requests of Python 2", .timeLimit(.minutes(1)))
struct Python2RequestTests {
    /// Sends a request as Python 2 does, and returns the answer.
    private func answer(
        to subject: String, headers: Value = [:], _ arguments: Value = [:]
    ) async throws -> Message {
        try await answer(to: subject, headers: python2(headers), body: python2(arguments))
    }

    private func answer(to subject: String, headers: [UInt8], body: [UInt8]) async throws -> Message {
        let network = InMemoryNetwork()
        let container = try ServiceContainer(
            interfaces: [
                .init(TypedService.self, as: "typed"),
                .init(VersionedService.self, as: "versioned", version: "1.5.0"),
                .init(VersionedService.self, as: "versioned", version: "2.0.0"),
            ], registry: StaticRegistry(),
            configuration: .init(transport: .inMemory(network), drainDelay: .zero), logger: Python.quiet)
        return try await withServiceContainer(container) { endpoint in
            try await RawPeer(in: network).request(subject, headers: headers, body: body, to: endpoint)
        }
    }

    @Test("A whole request, byte for byte")
    func bytes() async throws {
        var headers: [UInt8] = [0x82, 0xc4, 0x07] + Array("version".utf8) + [0xc0]
        headers += [0xc4, 0x08] + Array("trace_id".utf8) + [0xc4, 0x20] + [UInt8](repeating: 0x61, count: 32)
        let body: [UInt8] = [0x81, 0xc4, 0x04] + Array("text".utf8) + [0xc4, 0x03] + Array("foo".utf8)
        let answer = try await answer(to: "typed.upper", headers: headers, body: body)
        #expect(answer.kind == .reply)
        #expect(try answer.body == "FOO")
        #expect(answer.headers["trace_id"] == .binary([UInt8](repeating: 0x61, count: 32)))
        // Python 3 looks headers up by str, Python 2 by either.
        let names = (try Value(decoding: answer.headers.bytes)).mapValue?.keys.map { $0 }
        #expect(names.map(Set.init) == ["trace_id", "version"])
    }

    @Test(
        "A version in bin is respected",
        arguments: [
            ("1.5.0", "1.5.0"), ("2.0.0", "2.0.0"), ("", "2.0.0"), (nil, "2.0.0"), ("1.4.0", nil), ("1.5", nil),
        ] as [(String?, String?)])
    func version(asked: String?, answering: String?) async throws {
        let answer = try await answer(to: "versioned.which", headers: ["version": asked.map(Value.string) ?? nil])
        #expect(answer.kind == (answering == nil ? .nack : .reply))
        #expect(try answer.body == answering.map(Value.string) ?? nil)
    }

    @Test("Names and strings in bin reach typed parameters")
    func arguments() async throws {
        let arguments: Value = [
            "text": "foo", "number": 7, "list": ["a", "b"], "lookup": ["one": 1, "two": 2],
            "nested": ["name": "bar", "tags": ["x": "y"]],
        ]
        let answer = try await answer(to: "typed.many", arguments)
        #expect(try answer.body == ["foo", 7, ["a", "b"], 3, "bar", "y"])
    }

    @Test("A parameter of bytes gets bin as bytes")
    func data() async throws {
        let answer = try await answer(to: "typed.data", ["data": "raw"])
        #expect(try answer.body == .binary(Array("raw".utf8)))
    }

    @Test("Unknown names in bin are refused, too")
    func unknownArguments() async throws {
        #expect(try await answer(to: "typed.upper", ["texts": "foo"]).kind == .nack)
        #expect(try await answer(to: "typed.upper", [:]).kind == .nack)
        #expect(try await answer(to: "typed.upper", ["text": .binary([0xff])]).kind == .nack)
    }

    @Test(
        "Extension objects in bin are read as objects",
        arguments: [
            ("datetime", "2015-11-23T12:34:56+0530", .dateTime("2015-11-23T12:34:56+0530")),
            ("datetime", "2015-11-23T12:34:56", .dateTime("2015-11-23T12:34:56")),
            ("date", "2015-11-23", .calendarDate("2015-11-23")), ("time", "12:34:56Z", .timeOfDay("12:34:56")),
            ("Decimal", "1.10", .exactDecimal("1.10")), ("set", ["a", 1], .set([.binary([0x61]), 1])),
            (
                "UUID", "12345678-1234-5678-9abc-def012345678",
                .identifier("12345678-1234-5678-9abc-def012345678")
            ),
            ("UndefinedType", "", .undefined),
        ] as [(Value, Value, Value)])
    func objects(type: Value, value: Value, expected: Value) async throws {
        let object: Value = ["__type__": type, "_": value]
        #expect(try await answer(to: "typed.echo", ["value": object]).body == expected)
        let inside = try await answer(to: "typed.echo", ["value": ["list": [object]]])
        #expect(try inside.body == [.binary(Array("list".utf8)): [expected]])
    }

    @Test("Typed parameters take extension objects in bin")
    func typedObjects() async throws {
        let arguments: Value = [
            "date": ["__type__": "date", "_": "2015-11-23"], "price": ["__type__": "Decimal", "_": "1.10"],
            "tags": ["__type__": "set", "_": ["a", "b", "a"]],
        ]
        #expect(try await answer(to: "typed.objects", arguments).body == ["2015-11-23 1.10 a b", 2])
    }

    @Test("The builtin interface takes names and payloads in bin")
    func builtin() async throws {
        let ping = try await answer(to: "lymph.ping", ["payload": ""])
        #expect(try ping.body == .binary([]))
        let level = try await answer(
            to: "lymph.change_loglevel", ["qualname": "lymph", "loglevel": "DEBUG", "period": 1])
        #expect(level.kind == .reply)
    }
}

/// A service with typed parameters, where `bin` could go wrong.
private actor TypedService: Interface {
    struct Nested: Decodable {
        let name: String
        let tags: [String: String]
    }

    static let routes = Routes<TypedService> {
        RPC("echo", "value") { (_, value: Value) in value }
        RPC("upper", "text") { (_, text: String) in text.uppercased() }
        RPC("data", "data") { (_, data: [UInt8]) in Value.binary(data) }
        RPC("many", "text", "number", "list", "lookup", "nested") {
            (_, text: String, number: Int, list: [String], lookup: [String: Int], nested: Nested) -> Value in
            let sum = (lookup["one"] ?? 0) + (lookup["two"] ?? 0)
            return [
                .string(text), .int(Int64(number)), .array(list.map(Value.string)), .int(Int64(sum)),
                .string(nested.name), .string(nested.tags["x"] ?? "none"),
            ]
        }
        RPC("objects", "date", "price", "tags") {
            (_, date: CalendarDate, price: ExactDecimal, tags: Set<String>) -> Value in
            [.string("\(date) \(price) \(tags.sorted().joined(separator: " "))"), .int(Int64(tags.count))]
        }
    }
}
