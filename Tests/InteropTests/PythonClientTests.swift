import Lymph
import MessagePack
import Testing

/// A Python service calls a Swift service from its handlers. What goes over the wire is tested in
/// PythonClientTests+Answers.swift.
@Suite("Python calls Swift", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(2)))
struct PythonClientTests {
    let python: Python

    init() throws { python = try .shared() }

    // MARK: Values

    @Test("A value from Python arrives unchanged, and comes back", arguments: ValuesFromPython.all)
    func sent(row: ValueFromPython) async throws {
        let outcome: Outcome = try await python.caller.call(
            "send", address: python.service, subject: "swift.echo", kind: row.kind)
        #expect(outcome.exception == nil)
        #expect(outcome.isSame == row.isSameInPython, "Python got \(outcome.repr ?? "nothing")")
        let last = try await python.client.proxy("swift", timeout: .seconds(10)).call("last")
        #expect(last == row.value)
    }

    @Test("Python receives the type and the value of a result", arguments: ValuesForPython.all)
    func given(row: ValueForPython) async throws {
        let outcome = try await python.call("swift.give", ["index": .int(Int64(row.index))])
        #expect(outcome.type == row.type)
        #expect(outcome.repr == row.repr)
    }

    @Test("A mebibyte can be sent in both directions")
    func large() async throws {
        let bytes = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        let outcome = try await python.call("swift.echo", ["value": .binary(bytes)])
        #expect(outcome.value?.binaryValue == bytes)
    }

    // MARK: Results and exceptions

    @Test("A result reaches the caller")
    func results() async throws {
        #expect(try await python.call("swift.upper", ["text": "żółw"]).repr == "'ŻÓŁW'")
        #expect(try await python.call("swift.add", ["a": 2]).repr == "3")
        #expect(try await python.call("swift.add", ["a": 2, "b": 2]).repr == "4")
        #expect(try await python.call("swift.greet").repr == "'nobody'")
        #expect(try await python.call("swift.greet", ["name": nil]).repr == "'nobody'")
        #expect(try await python.call("swift.nothing").repr == "None")
        #expect(try await python.call("swift.ack").repr == "None")
    }

    @Test(
        "A declared error is raised by its name",
        arguments: [
            ("declared", Outcome.error("DeclaredError", "as declared")),
            ("subclass", .error("SpecialError", "more than declared")),
            ("not ascii", .error("DeclaredError", "żółw")),
            ("of any name", .error("Chosen", "by the method")),
            ("with data", .error("OutOfStock", "no żółw left")),
        ])
    func declared(kind: String, expected: Outcome) async throws {
        #expect(try await python.call("swift.fail", ["kind": .string(kind)]) == expected)
    }

    @Test(
        "Any other failure is an immediate Nack",
        arguments: [
            ("swift.fail", ["kind": "undeclared"]), ("swift.unserializable", [:]), ("swift.add", [:]),
            ("swift.add", ["a": 1, "c": 2]), ("swift.add", ["a": "one"]), ("swift.add", ["a": nil]),
            ("swift.nothing", ["a": 1]),
            ("swift.no_such_method", [:]), ("no_such_interface.upper", [:]), ("swift.", [:]), (".upper", [:]),
            ("swift.nack", [:]), ("swift.throw", [:]), ("lymph.no_such_method", [:]), ("lymph.ping", ["a": 1]),
            // Python's own services never answer these.
            ("swift.silence", [:]), ("upper", [:]), ("", [:]),
        ] as [(String, Value)])
    func nack(subject: String, body: Value) async throws {
        #expect(try await python.call(subject, body) == .nack)
    }

    @Test("Errors sent through the channel reach the caller")
    func channel() async throws {
        #expect(try await python.call("swift.error") == .error("Chosen", "by the channel"))
        #expect(try await python.call("swift.throw_declared") == .error("DeclaredError", "as declared"))
    }

    @Test("Python's own timeout applies; a late answer does no harm")
    func timeout() async throws {
        #expect(try await python.call("swift.sleep", ["seconds": 0.5], timeout: 0.1) == .timeout)
        #expect(try await python.call("swift.sleep", ["seconds": 0.5]).value == 0.5)
    }

    @Test("Deferred calls run at the same time")
    func deferred() async throws {
        try await know("swift", versions: [])
        let start = ContinuousClock.now
        let arguments = [Value](repeating: ["seconds": 0.25], count: 20)
        let outcomes: [Outcome] = try await python.caller.call(
            "defer", name: "swift", method: "sleep", arguments: arguments)
        #expect(outcomes.map(\.value) == [Value?](repeating: 0.25, count: 20))
        // One after another, they would take five seconds.
        #expect(.now - start < .seconds(4))
    }

    // MARK: Versions

    @Test(
        "A version is matched exactly",
        arguments: [
            ("1.5.0", "'1.5.0'"), ("2.0.0", "'2.0.0'"), (nil, "'2.0.0'"), ("1.4.0", nil), ("1.6.0", nil),
            ("3.0.0", nil),
            ("1.5.0+build", nil), ("1.5.0-rc1", nil),
        ] as [(String?, String?)])
    func exactVersion(asked: String?, answering: String?) async throws {
        let outcome = try await python.call("versioned.which", version: asked)
        if let answering { #expect(outcome.repr == answering) } else { #expect(outcome == .nack) }
    }

    @Test(
        "Python's proxies find a compatible version",
        arguments: [
            ("1", "'1.5.0'"), ("1.2", "'1.5.0'"), ("2", "'2.0.0'"), ("1.6", nil), ("3", nil),
        ] as [(String, String?)])
    func compatibleVersion(asked: String, answering: String?) async throws {
        try await know("versioned", versions: ["1.5.0", "2.0.0"])
        let outcome: Outcome = try await python.caller.call(
            "proxy_call", name: "versioned", method: "which", arguments: [:] as Value, version: asked)
        #expect(outcome.repr == answering)
        if answering == nil { #expect(outcome.exception == "NotConnected") }
    }

    @Test("A request without a version, or with the only one, is answered")
    func unversioned() async throws {
        #expect(try await python.call("swift.upper", ["text": "a"], version: "1.0.0") == .nack)
        try await know("swift", versions: [])
        let outcome: Outcome = try await python.caller.call(
            "proxy_call", name: "swift", method: "upper", arguments: ["text": "a"] as Value)
        #expect(outcome.repr == "'A'")
    }

    /// Tells Python's registry about the Swift service; calling it twice does no harm.
    private func know(_ name: String, versions: [String]) async throws {
        let versions = versions.isEmpty ? [nil] : versions.map(Optional.some)
        try await python.caller.call("know", name: name, address: python.service, versions: versions)
    }

    // MARK: The builtin interface

    @Test("The builtin interface answers, whatever version is asked for", arguments: [nil, "0.15.0", "1.5.0"])
    func builtin(version: String?) async throws {
        #expect(try await python.call("lymph.ping", ["payload": ["x", 1]], version: version).value == ["x", 1])
        #expect(try await python.call("lymph.ping", version: version).repr == "None")
        let status = try await python.call("lymph.status", version: version)
        #expect(status.value?["endpoint"] == .string("\(python.service)"))
        #expect(status.value?["identity"]?.stringValue?.utf8.count == 32)
        #expect(try await python.call("lymph.get_metrics", version: version).type == "list")
        let change: Value = ["qualname": "none", "loglevel": "DEBUG", "period": 0]
        #expect(try await python.call("lymph.change_loglevel", change, version: version).repr == "None")
    }

    @Test("inspect describes every method as Python does")
    func inspect() async throws {
        let methods = try await python.call("lymph.inspect").value?["methods"]?.arrayValue ?? []
        func find(_ name: Value) -> [String: Value] {
            let method = methods.first { $0["name"] == name }?.mapValue ?? [:]
            return Dictionary(method.map { ($0.key.stringValue ?? "", $0.value) }) { $1 }
        }
        func theirs(_ name: Value) -> [String: Value] {
            find(name).filter { ["name", "version", "params", "help"].contains($0.key) }
        }
        #expect(
            theirs("swift.upper") == [
                "name": "swift.upper", "version": "None", "params": ["text"], "help": "Returns `text` in upper case.",
            ])
        #expect(theirs("swift.add") == ["name": "swift.add", "version": "None", "params": ["a", "b"], "help": ""])
        #expect(find("swift.add")["types"] == ["a": "int64", "b": "int64"])
        #expect(Set(methods.filter { $0["name"] == "versioned.which" }.map { $0["version"] }) == ["1.5.0", "2.0.0"])
        let builtin = Set(methods.compactMap { $0["name"]?.stringValue }.filter { $0.hasPrefix("lymph.") })
        let pythons = try await python.proxy("lymph").call("inspect")["methods"]?.arrayValue ?? []
        #expect(builtin == Set(pythons.compactMap { $0["name"]?.stringValue }.filter { $0.hasPrefix("lymph.") }))
    }

    @Test("Python's command inspect prints what it knows, and ignores types")
    func inspectCommand() async throws {
        let text: String = try await python.caller.inspected(address: "\(python.service)")
        #expect(text.contains("rpc swift.add(a, b)\n\t \n"))
        #expect(text.contains("rpc swift.upper(text)\n\t Returns `text` in upper case.\n"))
        #expect(!text.contains("int64"))
    }
}
