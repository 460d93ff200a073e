import Foundation
import Lymph
import MessagePack
import Testing

/// A Swift client calls a Python service. Answers other than results are tested in PythonServerTests+Answers.swift.
@Suite("Swift calls Python", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(2)))
struct PythonServerTests {
    let python: Python

    init() throws { python = try .shared() }

    // MARK: Values

    @Test("A value made in Python arrives unchanged", arguments: ValuesFromPython.all)
    func made(row: ValueFromPython) async throws {
        let value = try await python.echo.call("make", kind: row.kind)
        #expect(value == row.value)
    }

    @Test("Python receives the type and the value that Swift sends", arguments: ValuesForPython.all)
    func described(row: ValueForPython) async throws {
        let description: [String] = try await python.echo.call("describe", value: row.value)
        #expect(description == [row.type, row.repr])
    }

    @Test("A value comes back from Python as it was sent", arguments: ValuesForPython.all)
    func echoed(row: ValueForPython) async throws {
        let value = try await python.echo.call("echo", value: row.value)
        #expect(value == row.returned)
    }

    @Test("Results are decoded as the caller's types")
    func typed() async throws {
        let text: String = try await python.echo.upper(text: "foo")
        #expect(text == "FOO")
        let id: UUID = try await python.echo.make(kind: "uuid")
        #expect(id == UUID(uuidString: "12345678-1234-5678-9abc-def012345678"))
        let moment: Date = try await python.echo.make(kind: "aware datetime")
        #expect(moment == Date(timeIntervalSince1970: 1_448_262_296))
        let price: Decimal = try await python.echo.make(kind: "decimal")
        #expect(price == Decimal(string: "1.10"))
        let numbers: Set<Int> = try await python.echo.make(kind: "set")
        #expect(numbers == [1, 2, 3])
        let nothing: String? = try await python.echo.make(kind: "none")
        #expect(nothing == nil)
        let bytes: [UInt8] = try await python.echo.make(kind: "bytes")
        #expect(bytes == [0, 255, 128])
    }

    @Test("A mebibyte can be sent in both directions")
    func large() async throws {
        let bytes = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        let same = try await python.echo.call("echo", value: Value.binary(bytes))
        #expect(same.binaryValue == bytes)
        let blob = try await python.echo.call("blob", size: 1_048_576)
        #expect(blob.binaryValue?.count == 1_048_576)
    }

    // MARK: Many calls

    @Test("200 concurrent calls each get their own answer")
    func concurrent() async throws {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<200 {
                group.addTask { (number, try await python.echo.call("echo", value: number)) }
            }
            for try await (sent, received) in group { #expect(sent == received) }
        }
    }

    @Test("Deferred calls run at the same time")
    func deferred() async throws {
        let start = ContinuousClock.now
        let tasks: [Task<Double, any Error>] = (0..<20).map { _ in python.echo.defer("sleep", seconds: 0.25) }
        for task in tasks { #expect(try await task.value == 0.25) }
        // One after another, they would take five seconds.
        #expect(.now - start < .seconds(4))
        let bar: Task<String, any Error> = python.echo.upper.defer(text: "bar")
        #expect(try await bar.value == "BAR")
    }

    // MARK: Names, versions and the builtin interface

    @Test("A service is called by its name")
    func name() async throws {
        let text: String = try await python.client.proxy("echo", timeout: .seconds(10)).upper(text: "foo")
        #expect(text == "FOO")
    }

    @Test(
        "The requested version decides which instance answers",
        arguments: [
            ("1", "1.5.0"), ("1.2", "1.5.0"), ("1.5", "1.5.0"), ("1.5.0", "1.5.0"), ("2", "2.0.0"),
        ])
    func version(asked: String, answering: String) async throws {
        try await python.registerVersions()
        let client = python.client
        let proxy = client.proxy("versioned", version: asked, timeout: .seconds(10))
        #expect(try await proxy.call("which") == .string(answering))
        let reply = try await client.request("versioned", "versioned.which", version: asked, timeout: .seconds(10))
        #expect(reply.headers["version"] == .string(answering))
    }

    @Test("At an address, exactly the requested version answers", arguments: ["1.5", "1.5.0", "2"])
    func exactVersion(asked: String) async throws {
        let address = python.peer.endpoint.description
        let proxy = { (version: String) in
            python.client.proxy(address, interface: "versioned", version: version, timeout: .seconds(10))
        }
        #expect(try await proxy(asked).call("which") == .string(asked.hasPrefix("1") ? "1.5.0" : "2.0.0"))
        let error = await #expect(throws: LymphError.self) { try await proxy("1.2").call("which") }
        #expect(error?.code == .nack)
    }

    @Test("A call for a version that no instance has fails without a request", arguments: ["1.6", "3", "0.9"])
    func noVersion(asked: String) async throws {
        try await python.registerVersions()
        let error = await #expect(throws: LymphError.self) {
            try await python.client.proxy("versioned", version: asked).call("which")
        }
        #expect(error?.code == .notConnected)
    }

    @Test("The builtin interface of a Python service answers")
    func builtin() async throws {
        let lymph = python.proxy("lymph")
        #expect(try await lymph.call("ping", payload: "x") == "x")
        #expect(try await lymph.call("status")["endpoint"] == .string("\(python.peer.endpoint)"))
        let methods = try await lymph.call("inspect")["methods"]?.arrayValue ?? []
        let describe = try #require(methods.first { $0["name"] == "echo.describe" })
        #expect(describe["params"] == ["value"])
        #expect(describe["help"] == "Returns a description of what Python received.\n\n    Indented.")
        let which = methods.filter { $0["name"] == "versioned.which" }
        #expect(Set(which.map { $0["version"] }) == ["1.5.0", "2.0.0"])
    }
}
