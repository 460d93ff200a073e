import Lymph
import MessagePack
import Synchronization
import Testing

/// One message can stop a Python process for good: its receive loop ends with the first exception other than
/// `ValueError`. Whatever a caller or a stranger does, a Swift process must not send such a message.
///
/// The tests share a process until one of them has stopped it; then each has its own.
@Suite("Harm", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(1)))
struct HarmTests {
    private static let isStopped = Atomic(false)

    private func survives(
        sourceLocation: SourceLocation = #_sourceLocation, _ body: @escaping @Sendable (Python) async throws -> Void
    ) async throws {
        let test = { @Sendable (python: Python) in
            try await body(python)
            let pong = try? await python.proxy("lymph").with(timeout: .seconds(3)).call("ping", payload: "pong")
            #expect(pong == "pong", "Python no longer answers", sourceLocation: sourceLocation)
            if pong != "pong" { Self.isStopped.store(true, ordering: .relaxed) }
        }
        guard Self.isStopped.load(ordering: .relaxed) else { return try await test(.shared()) }
        try await Python.with { python in
            try await Python.$current.withValue(python) { try await test(python) }
        }
    }

    private func refused(
        sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Value
    ) async {
        let error = await #expect(throws: LymphError.self, sourceLocation: sourceLocation) { _ = try await call() }
        #expect(error?.code == .invalidRequest, sourceLocation: sourceLocation)
    }

    @Test("Values that Python could not read are refused before they are sent")
    func values() async throws {
        let values: [Value] = [
            ["__type__": "no_such_type", "_": 1], ["__type__": nil], [.binary(Array("__type__".utf8)): 1],
            ["deep": [["__type__": 1]]], [[1]: 1], [[:]: 1], .set([[1]]), .set([["a": 1]]), .set([.set([1])]),
            .set([.embedded([0x90])]), .ext(type: -2, bytes: [1]), .ext(type: .min, bytes: []), .embedded([]),
            .embedded([0xc1]), .embedded([0x92, 0xc0]), .embedded([0xd4, 0xfe, 1]), .embedded([0x81, 0x90, 1]),
        ]
        try await survives { python in
            for value in values { await refused { try await python.echo.call("echo", value: value) } }
        }
    }

    @Test(
        "A signalling NaN, which Python can't hash, is refused",
        arguments: [
            .set([.exactDecimal("sNaN")]), [.exactDecimal("-sNaN1"): 1],
        ] as [Value])
    func signallingNaN(value: Value) async throws {
        try await survives { python in
            await refused { try await python.echo.with(timeout: .seconds(1)).call("echo", value: value) }
        }
    }

    @Test("An argument that is named __type__ is refused")
    func argument() async throws {
        try await survives { python in
            await refused { try await python.echo.with(timeout: .seconds(1)).call("echo", __type__: 1) }
        }
    }

    @Test("A header that is named __type__ is refused")
    func header() async throws {
        try await survives { python in
            let echo = python.echo.with(timeout: .seconds(1), headers: ["__type__": 1])
            await refused { try await echo.call("echo", value: 1) }
        }
    }

    @Test("An answer's header that is named __type__ does not reach the caller")
    func answerHeader() async throws {
        try await survives { python in
            _ = try? await python.call("swift.with_type_header", timeout: 1)
        }
    }

    @Test(
        "A trace id that would stop Python is not forwarded",
        arguments: [
            ["__type__": "no_such_type"], ["deep": ["__type__": 1]],
        ] as [Value])
    func trace(id: Value) async throws {
        var writer = Writer()
        writer.writeMapHeader(1)
        writer.write("trace_id")
        writer.writeUnchecked(id)
        let headers = writer.bytes
        try await survives { python in
            // Neither back to the sender, whose address may be false, nor on to others.
            _ = try? await python.exchange("swift.nothing", headers: headers)
        }
    }

    @Test("A time with a fraction is sent so that Python can read it")
    func fraction() async throws {
        try await survives { python in
            let time = try await python.echo.call(
                "echo", value: Value.timeOfDay("12:34:56.5"))
            #expect(time == .timeOfDay("12:34:56"))
        }
    }
}

extension Writer {
    fileprivate mutating func writeUnchecked(_ value: Value) {
        guard let map = value.mapValue else {
            if let text = value.stringValue { return write(text) }
            return write(value.intValue ?? 0)
        }
        writeMapHeader(map.count)
        for (key, value) in map {
            writeUnchecked(key)
            writeUnchecked(value)
        }
    }
}
