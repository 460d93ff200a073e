import MessagePack
import Testing

@testable import Lymph

@Suite("What methods answer")
struct RPCTests {
    private struct Sad: Error, CustomStringConvertible {
        let description: String
    }

    private enum Grave: Error { case error(Int) }

    private class Base: Error, @unchecked Sendable {}
    private final class Derived: Base, @unchecked Sendable {}

    private let bench = ServingBench()

    @Test("a result is the reply's body")
    func results() async throws {
        #expect(try await bench.describe(RPC("f") { _ in 7 }) == "REP 7")
        #expect(try await bench.describe(RPC("f") { _ in ["a": [1.5]] }) == #"REP {"a": [1.5]}"#)
        #expect(try await bench.describe(RPC("f") { _ in Int?.none }) == "REP nil")
        let add = RPC<StubInterface>("add", "a", Parameter("b", default: 1)) { (_, a: Int, b: Int) in a + b }
        #expect(try await bench.describe(add, ["a": 2]) == "REP 3")
        #expect(try await bench.describe(add, ["b": 5, "a": 2]) == "REP 7")
    }

    @Test("a closure may be an if or a switch with values, or one without")
    func branches() async throws {
        let size = RPC<StubInterface>("f", "n") { (_, n: Int) in if n > 9 { "big" } else { "small" } }
        #expect(try await bench.describe(size, ["n": 10]) == #"REP "big""#)
        let name = RPC<StubInterface>("f", "n") { (_, n: Int) in
            switch n {
            case 0: "none"
            default: "some"
            }
        }
        #expect(try await bench.describe(name, ["n": 0]) == #"REP "none""#)
        let sign = RPC<StubInterface>("f", "n", raises: Sad.self) { (stub, n: Int) in
            if n > 0 { stub.called() } else { throw Sad(description: "not positive") }
        }
        #expect(try await bench.describe(sign, ["n": 1]) == "REP nil")
        #expect(try await bench.describe(sign, ["n": 0]) == "ERROR Sad: not positive")
    }

    @Test("a method without a result answers nil, and runs on its actor")
    func void() async throws {
        #expect(try await bench.describe(RPC("f") { $0.called() }) == "REP nil")
        let method = RPC<StubInterface>("f", "a") { (stub, _: Int) in stub.called() }
        #expect(try await bench.describe(method, ["a": 1]) == "REP nil")
        #expect(await bench.stub.calls == 2)
    }

    @Test("arguments that don't fit are rejected, and the method does not run")
    func rejected() async throws {
        let none = RPC<StubInterface>("f") { $0.called() }
        let one = RPC<StubInterface>("f", "a") { (stub, _: Int) in stub.called() }
        #expect(
            try await bench.describe(none, ["a": 1]) == #"NACK rejected: unknown argument "a"; it takes none"#)
        #expect(try await bench.describe(one) == #"NACK rejected: missing argument "a""#)
        #expect(try await bench.describe(one, ["a": "x"]).hasPrefix(#"NACK rejected: argument "a" is not a Int"#))
        for method in [none, one] {
            for body: [UInt8] in [[], [0xc0], [0x90], [0xc1], [0x81]] {
                let answer = try bench.describe(await bench.answer(method, body))
                #expect(answer.hasPrefix("NACK rejected: the body is not a map of arguments"), "\(body)")
            }
        }
        #expect(await bench.stub.calls == 0)
    }

    @Test("a declared error reaches the caller with its type and message")
    func declared() async throws {
        let sad = RPC<StubInterface>("f", raises: Sad.self) { _ in throw Sad(description: "so sad") }
        #expect(try await bench.describe(sad) == "ERROR Sad: so sad")
        let value = RPC<StubInterface>("f", raises: Sad.self) { _ -> Int in throw Sad(description: "") }
        #expect(try await bench.describe(value) == "ERROR Sad")
        let grave = RPC<StubInterface>("f", "a", raises: Sad.self, Grave.self) { (_, a: Int) in throw Grave.error(a) }
        #expect(try await bench.describe(grave, ["a": 5]) == "ERROR Grave: error(5)")
        let result = RPC<StubInterface>("f", "a", raises: Grave.self) { (_, a: Int) -> Int in throw Grave.error(a) }
        #expect(try await bench.describe(result, ["a": 6]) == "ERROR Grave: error(6)")
    }

    @Test("any other error is a failure, and its text goes only to the log")
    func undeclared() async throws {
        let plain = RPC<StubInterface>("f") { _ in throw Sad(description: "so sad") }
        #expect(try await bench.describe(plain) == "NACK failed: Sad: so sad")
        let other = RPC<StubInterface>("f", raises: Grave.self) { _ in throw Sad(description: "so sad") }
        #expect(try await bench.describe(other) == "NACK failed: Sad: so sad")
        let cancelled = RPC<StubInterface>("f") { _ in throw CancellationError() }
        #expect(try await bench.describe(cancelled) == "NACK failed: CancellationError: CancellationError()")
    }

    @Test("a declared RemoteError names its own type; an undeclared one is a failure")
    func remoteErrors() async throws {
        let error = RemoteError(type: "DivisionByZero", message: "b is zero")
        let declared = RPC<StubInterface>("f", raises: RemoteError.self) { _ in throw error }
        #expect(try await bench.describe(declared) == "ERROR DivisionByZero: b is zero")
        let undeclared = RPC<StubInterface>("f", raises: Sad.self) { _ in throw error }
        #expect(
            try await bench.describe(undeclared) == "NACK failed: RemoteError: DivisionByZero: b is zero")
    }

    @Test("another service's error is passed on unchanged if its type is declared here, too")
    func remoteErrorsOfDeclaredTypes() async throws {
        let sad = RPC<StubInterface>("f", raises: Grave.self, Sad.self) { _ in
            throw RemoteError(type: "Sad", message: "so sad")
        }
        #expect(try await bench.describe(sad) == "ERROR Sad: so sad")
        let other = RPC<StubInterface>("f", raises: Grave.self) { _ in throw RemoteError(type: "sad", message: "") }
        #expect(try await bench.describe(other) == "NACK failed: RemoteError: sad")
    }

    @Test("a declared class includes its subclasses, a declared protocol all conforming types")
    func hierarchies() async throws {
        func kind(_ error: some Error & Sendable, raises type: any Error.Type) -> String {
            switch Answer(error, raises: [type]) {
            case .error(let error): error.type
            case .nack: "nack"
            default: "other"
            }
        }
        #expect(kind(Derived(), raises: Base.self) == "Derived")
        #expect(kind(Base(), raises: Derived.self) == "nack")
        #expect(kind(Sad(description: ""), raises: (any Error).self) == "Sad")
    }

    @Test("a result that can't be encoded is a failure")
    func badResults() async throws {
        let answer = try await bench.describe(RPC("f") { _ in Value.map(["__type__": 1]) })
        #expect(answer.hasPrefix("NACK failed: the result can't be encoded: "))
        let deep = (0..<100).reduce(Value.nil) { value, _ in [value] }
        let answerOfOne = try await bench.describe(RPC("f", "a") { (_, _: Int) in deep }, ["a": 1])
        #expect(answerOfOne.hasPrefix("NACK failed: the result can't be encoded: "))
    }

    @Test("a method runs in the context of its interface and its trace")
    func context() async throws {
        let context = InterfaceContext(
            name: "stub", version: "1.5.0", configuration: ["a": 1], client: Fixture(.inMemory).client(),
            logger: .quiet)
        let method = RPC<StubInterface>("f") { stub in
            [stub.name, TraceContext.id ?? "", "\(stub.context.configuration)", "\(InterfaceContext.current.name)"]
        }
        let handler = Handler(method.route, of: bench.stub, in: context)
        let answer = try bench.describe(await handler.run(bench.request([0x80]), nil))
        #expect(answer == #"REP ["stub", "abc", "{\"a\": 1}", "stub"]"#)
        #expect(TraceContext.id == nil)
        #expect(Scope.current == nil)
    }
}
