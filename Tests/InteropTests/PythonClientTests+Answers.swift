import Lymph
import MessagePack
import Testing

/// What a Swift service sends, as the sockets of the real Python lymph receive it.
extension PythonClientTests {
    @Test(
        "Every answer is sent, in order",
        arguments: [
            ("nothing", ["REP"]), ("ack", ["ACK"]), ("nack", ["NACK"]), ("error", ["ERROR"]), ("silence", ["NACK"]),
            ("reply_then_ack", ["REP", "ACK"]), ("two_replies", ["REP", "REP"]),
            ("error_then_reply", ["ERROR", "REP"]),
            ("reply_then_ack_unless_replied", ["REP"]), ("reply_then_throw", ["REP"]), ("throw", ["NACK"]),
            ("error_then_throw", ["ERROR", "NACK"]), ("throw_declared", ["ERROR"]), ("no_such_method", ["NACK"]),
        ])
    func answers(method: String, kinds: [String]) async throws {
        let answers = try await python.exchange("swift.\(method)")
        #expect(answers.map(\.kind) == kinds)
        for answer in answers where answer.kind == "ACK" || answer.kind == "NACK" { #expect(answer.body == nil) }
    }

    @Test("An error with properties carries them beside what Python reads")
    func data() async throws {
        let body = try (["kind": "with data"] as Value).encoded()
        let answer = try #require(try await python.exchange("swift.fail", body: body).first)
        #expect(answer.kind == "ERROR")
        #expect(answer.body == ["type": "OutOfStock", "message": "no żółw left", "data": ["sku": "żółw"]])
    }

    @Test("A method sees the headers of the request, and adds some to its answer")
    func ownHeaders() async throws {
        let headers = try (["version": nil, "trace_id": "t", "colour": ["green", 1]] as Value).encoded()
        let answer = try #require(try await python.exchange("swift.stamp", headers: headers).first)
        #expect(answer.kind == "REP")
        #expect(answer.headers["colour"] == ["green", 1])
        #expect(answer.headers["trace_id"] == "t")
        #expect(answer.body.arrayValue?.first == "swift.stamp")
        #expect(answer.body.arrayValue?.last == .nil)
    }

    @Test("The same id twice is handled twice")
    func twice() async throws {
        let body = try (["token": "twice"] as Value).encoded()
        let answers = try await python.exchange("swift.note", body: body, id: "twice the same", times: 2)
        #expect(answers.map(\.kind) == ["REP", "REP"])
        let noted = try await python.call("swift.noted").value?.arrayValue ?? []
        #expect(noted.filter { $0 == "twice" }.count == 2)
    }

    @Test(
        "Any string is accepted as an id",
        arguments: ["7", "żółw", "0123456789ABCDEF0123456789ABCDEF", "with blanks\nand lines"])
    func ids(id: String) async throws {
        #expect(try await python.exchange("swift.nothing", id: id).map(\.kind) == ["REP"])
    }

    @Test(
        "The headers name the version that answers; a NACK for an unknown method names none",
        arguments: [
            ("versioned.which", "1.5.0", "1.5.0"), ("versioned.which", "2.0.0", "2.0.0"),
            ("versioned.which", nil, "2.0.0"),
            ("versioned.which", "", "2.0.0"), ("swift.nothing", nil, .nil), ("swift.throw", nil, .nil),
            ("versioned.which", "1.4.0", Value?.none), ("versioned.no_such", "1.5.0", nil), ("no_such.which", nil, nil),
        ] as [(String, Value, Value?)])
    func versionHeader(subject: String, version: Value, answered: Value?) async throws {
        let headers = try (["version": version, "trace_id": "t"] as Value).encoded()
        let answer = try #require(try await python.exchange(subject, headers: headers).first)
        #expect(answer.kind == (answered == nil || subject == "swift.throw" ? "NACK" : "REP"))
        #expect(answer.headers.mapValue?["version"] == answered)
        #expect(answer.headers["trace_id"] == "t")
    }

    @Test(
        "A malformed version is refused; Python would never answer",
        arguments: [
            "1.5", "abc", "1", 15, 1.5, .binary([0x31]), ["1.5.0"], true,
        ] as [Value])
    func impossibleVersion(version: Value) async throws {
        let headers = try (["version": version] as Value).encoded()
        let answers = try await python.exchange("versioned.which", headers: headers)
        #expect(answers.map(\.kind) == ["NACK"])
        #expect(answers.first?.headers["reason"] == "rejected")
    }

    @Test(
        "A trace id of any type comes back as it was",
        arguments: [
            "text", 7, 1.5, .binary([1, 2]), ["a": [1]], .calendarDate("2015-11-23"), false, "",
        ] as [Value])
    func trace(id: Value) async throws {
        let headers = try (["trace_id": id] as Value).encoded()
        let answers = try await python.exchange("swift.nothing", headers: headers)
        #expect(answers.map { $0.headers["trace_id"] } == [id])
    }

    @Test(
        "A request without a trace id is given one",
        arguments: [
            [], [0x80], [0x81, 0xa8] + Array("trace_id".utf8) + [0xc0],
        ] as [[UInt8]])
    func noTrace(headers: [UInt8]) async throws {
        let answers = try await python.exchange("swift.nothing", headers: headers)
        #expect(answers.count == 1)
        #expect(answers.first?.headers["trace_id"]?.stringValue?.utf8.count == 32)
    }

    @Test("A trace goes from Swift through Python to Swift")
    func traceThrough() async throws {
        let outcome = try await TraceContext.with(id: "from Swift") { try await python.call("swift.trace") }
        #expect(outcome.value == "from Swift")
    }

    @Test("A handler's headers reach Python, but can't replace the framework's")
    func headers() async throws {
        let body = try (["a": 1] as Value).encoded()
        let headers = try (["unknown": 1, "trace_id": "t"] as Value).encoded()
        let answer = try #require(try await python.exchange("swift.with_headers", body: body, headers: headers).first)
        #expect(answer.body == ["a": 1])
        #expect(answer.headers == ["colour": "green", "version": nil, "trace_id": "t"])
    }

    @Test("The headers that Python sends are enough")
    func pythonsHeaders() async throws {
        let pair: [Value] = try await python.caller.call(
            "headers", address: python.service, subject: "swift.nothing", body: [:] as Value)
        #expect(pair.first?.mapValue?.count == 2)
        #expect(pair.first == pair.last)
    }

    @Test(
        "A malformed request is refused; Python would drop it or stop",
        arguments: [
            ("a body that is not a map", [0x93, 1, 2, 3], [0x80]), ("a nil body", [0xc0], [0x80]),
            ("no body", [], [0x80]),
            ("a body with trailing bytes", [0x80, 0x80], [0x80]), ("a truncated body", [0x81, 0xa1], [0x80]),
            ("an argument with invalid UTF-8", [0x81, 0xa5] + Array("value".utf8) + [0xa1, 0xff], [0x80]),
            ("headers that are nil", [0x80], [0xc0]), ("headers that are a list", [0x80], [0x90]),
            ("headers that are an int", [0x80], [0x07]), ("headers that are a str", [0x80], [0xa1, 0x61]),
            ("truncated headers", [0x80], [0x81]), ("headers with trailing bytes", [0x80], [0x80, 0xc0]),
        ] as [(String, [UInt8], [UInt8])])
    func nonsense(what: String, body: [UInt8], headers: [UInt8]) async throws {
        let answers = try await python.exchange("swift.echo", body: body, headers: headers)
        #expect(answers.map(\.kind) == ["NACK"])
        #expect(try await python.call("swift.upper", ["text": "next"]).value == "NEXT")
    }

    @Test(
        "An object of an unknown type harms neither side",
        arguments: [
            ["__type__": "no_such_type", "_": ""], ["__type__": 7, "_": ""], ["__type__": "date"],
            ["__type__": "Decimal", "_": "no number"], ["__type__": "set", "_": [[:]]],
        ] as [[String: Value]])
    func unknownType(object: [String: Value]) async throws {
        var writer = Writer()
        writer.writeMapHeader(1)
        writer.write("value")
        writer.writeMapHeader(object.count)
        for (key, value) in object {
            writer.write(key)
            try writer.write(value)
        }
        // Returned unchanged, it would stop Python.
        #expect(try await python.exchange("swift.echo", body: writer.bytes).map(\.kind) == ["NACK"])
        #expect(try await python.call("swift.upper", ["text": "next"]).value == "NEXT")
    }

    @Test(
        "A sender whose identity is not an endpoint does no harm",
        arguments: [
            "garbage", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:notaport", "ipc:///nowhere",
        ])
    func identity(name: String) async throws {
        let before = await python.dropped(.source)
        let names: [Value] = ["id", "REQ", "swift.nothing"].map { .binary(Array($0.utf8)) }
        let frames = names + [.binary([0x80]), .binary([0x80])]
        try await python.caller.call(
            "poke", address: python.service, identity: Value.binary(Array(name.utf8)), frames: frames)
        try await eventually("the frames did not arrive") { await python.dropped(.source) == before + 1 }
        #expect(try await python.call("swift.upper", ["text": "next"]).value == "NEXT")
    }
}
