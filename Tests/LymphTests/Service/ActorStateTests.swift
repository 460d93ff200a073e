import MessagePack
import Testing

@testable import Lymph

/// A service whose methods use its state in every form of route, without `await` or isolation annotations.
private actor Ledger: Interface {
    struct Refused: Error {}

    private(set) var total = 0

    init(total: Int) { self.total = total }

    func add(_ numbers: Int...) -> Int {
        total += numbers.reduce(0, +)
        return total
    }

    func clear() { total = 0 }
    func slow(_ a: Int, _ b: Int) async -> Int { add(a, b) }
    func strict(_ a: Int, _ b: Int) throws -> Int {
        guard a >= 0 else { throw Refused() }
        return add(a, b)
    }

    static let routes = Routes<Ledger> {
        // With a result.
        RPC("r0") { me in me.add() }
        RPC("r1", "a") { me, a in me.add(a) }
        RPC("r2", "a", "b") { me, a, b in me.add(a, b) }
        RPC("r3", "a", "b", "c") { me, a, b, c in me.add(a, b, c) }
        RPC("r4", "a", "b", "c", "d") { me, a, b, c, d in me.add(a, b, c, d) }
        RPC("r5", "a", "b", "c", "d", "e") { me, a, b, c, d, e in me.add(a, b, c, d, e) }
        RPC("r6", "a", "b", "c", "d", "e", "f") { me, a, b, c, d, e, f in me.add(a, b, c, d, e, f) }
        RPC("r7", "a", "b", "c", "d", "e", "f", "g") { me, a, b, c, d, e, f, g in me.add(a, b, c, d, e, f, g) }
        RPC("r8", "a", "b", "c", "d", "e", "f", "g", "h") { me, a, b, c, d, e, f, g, h in
            me.add(a, b, c, d, e, f, g, h)
        }

        // Without one, with types, in several statements.
        RPC("v0") { me in me.total += 1 }
        RPC("v1", "a") { (me, a: Int) in me.total += a }
        RPC("v2", "a", "b") { (me, a: Int, b: Int) in
            me.total += a
            me.total += b
        }
        RPC("v3", "a", "b", "c") { (me, a: Int, b: Int, c: Int) in me.total += a + b + c }
        RPC("v4", "a", "b", "c", "d") { (me, a: Int, b: Int, c: Int, d: Int) in me.total += a + b + c + d }
        RPC("v5", "a", "b", "c", "d", "e") { (me, a: Int, b: Int, c: Int, d: Int, e: Int) in
            me.total += [a, b, c, d, e].reduce(0, +)
        }
        RPC("v6", "a", "b", "c", "d", "e", "f") { (me, a: Int, b: Int, c: Int, d: Int, e: Int, f: Int) in
            me.total += [a, b, c, d, e, f].reduce(0, +)
        }
        RPC("v7", "a", "b", "c", "d", "e", "f", "g") { (me, a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int) in
            me.total += [a, b, c, d, e, f, g].reduce(0, +)
        }
        RPC("v8", "a", "b", "c", "d", "e", "f", "g", "h") {
            (me, a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int, h: Int) in
            me.total += [a, b, c, d, e, f, g, h].reduce(0, +)
        }

        // Suspending, throwing, both; a statement before the last.
        RPC("s2", "a", "b") { me, a, b in await me.slow(a, b) }
        RPC("t2", "a", "b", raises: Refused.self, help: "Adds.") { me, a, b in try me.strict(a, b) }
        RPC("st2", "a", "b", raises: Refused.self) { (me, a: Int, b: Int) in
            guard a >= 0 else { throw Refused() }
            await Task.yield()
            me.total += a + b
            return me.total
        }
        RPC("sv3", "a", "b", "c") { (me, a: Int, b: Int, c: Int) in
            await Task.yield()
            me.total += a + b + c
        }

        // Optional and defaulted parameters, values of several types.
        RPC("o2", "a", "b") { (me, a: Int, b: Int?) in me.add(a, b ?? 0) }
        RPC("d2", "a", Parameter("b", default: 10)) { me, a, b in me.add(a, b) }
        RPC("d3", Parameter("a", default: 1), "b", Parameter("c", default: 100)) { (me, a: Int, b: Int?, c: Int) in
            me.total += a + (b ?? 0) + c
        }
        RPC("m3", "text", "flag", "numbers") { (me, text: String, flag: Bool, numbers: [Int]) in
            me.total += flag ? numbers.count : 0
            return "\(text) \(me.total)"
        }

        // More than eight parameters need an explicit isolation.
        RPC("r9", "a", "b", "c", "d", "e", "f", "g", "h", "i") {
            (me: isolated Ledger, a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int, h: Int, i: Int) in
            me.add(a, b, c, d, e, f, g, h, i)
        }
        RPC("v9", "a", "b", "c", "d", "e", "f", "g", "h", "i") {
            (me: isolated Ledger, a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int, h: Int, i: Int) in
            me.total += [a, b, c, d, e, f, g, h, i].reduce(0, +)
        }

        RawRPC("raw", raises: Refused.self, help: "Adds a.") { me, channel, message in
            me.total += try message.decode([String: Int].self)["a"] ?? 0
            try await channel.reply(me.total)
        }
    }
}

@Suite("Routes and the state of their actor", .timeLimit(.minutes(1)))
struct ActorStateTests {
    private static let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]

    /// Arguments `a: 1, b: 2, c: 4, …`.
    private func arguments(_ count: Int) -> Value {
        .map(Map(Self.names.prefix(count).enumerated().map { (.string($1), .int(1 << Int64($0))) }))
    }

    private func answer(_ name: String, _ body: Value, of ledger: Ledger) async throws -> String {
        let bench = ServingBench()
        let route = try #require(Ledger.routes.all.first { $0.name == name })
        return try bench.describe(await route.answer(bench.request(try body.encoded()), of: ledger))
    }

    @Test("any number of parameters works, with and without a result", arguments: 0...9)
    func arities(count: Int) async throws {
        let ledger = Ledger(total: 1000)
        let sum = (1 << count) - 1
        #expect(try await answer("r\(count)", arguments(count), of: ledger) == "REP \(1000 + sum)")
        #expect(try await answer("v\(count)", arguments(count), of: ledger) == "REP nil")
        #expect(await ledger.total == 1000 + 2 * sum + (count == 0 ? 1 : 0))
    }

    @Test("methods may suspend or throw")
    func effects() async throws {
        let ledger = Ledger(total: 0)
        #expect(try await answer("s2", arguments(2), of: ledger) == "REP 3")
        #expect(try await answer("t2", arguments(2), of: ledger) == "REP 6")
        #expect(try await answer("st2", arguments(2), of: ledger) == "REP 9")
        #expect(try await answer("sv3", arguments(3), of: ledger) == "REP nil")
        #expect(try await answer("t2", ["a": -1, "b": 0], of: ledger) == "ERROR Refused: Refused()")
        #expect(try await answer("st2", ["a": -1, "b": 0], of: ledger) == "ERROR Refused: Refused()")
        #expect(await ledger.total == 16)
    }

    @Test("optional parameters keep their position")
    func absent() async throws {
        let ledger = Ledger(total: 0)
        #expect(try await answer("o2", ["a": 1], of: ledger) == "REP 1")
        #expect(try await answer("o2", ["b": 2, "a": 1], of: ledger) == "REP 4")
        #expect(try await answer("d2", ["a": 1], of: ledger) == "REP 15")
        #expect(try await answer("d2", ["b": 1], of: ledger) == #"NACK rejected: missing argument "a""#)
        #expect(try await answer("d3", ["b": 5], of: ledger) == "REP nil")
        #expect(await ledger.total == 121)
        #expect(
            try await answer("m3", ["text": "now", "flag": true, "numbers": [1, 2]], of: ledger) == #"REP "now 123""#)
    }

    @Test("a raw method can use the state")
    func raw() async throws {
        let ledger = Ledger(total: 1)
        #expect(try await answer("raw", ["a": 2], of: ledger) == "nothing")
        #expect(await ledger.total == 3)
    }
}
