import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Idempotent methods of a peer")
struct IdempotentMethodsTests {
    private let start = Instant.now

    @Test("a peer is asked once, and again if it hasn't answered in ten seconds")
    func asked() {
        var methods = IdempotentMethods()
        #expect(methods.contains("a.b") == nil)
        let first = methods.need(at: start)
        let second = methods.need(at: start + .seconds(9.9))
        let third = methods.need(at: start + .seconds(10))
        #expect([first, second, third] == [true, false, true])
        methods.learn(["a.b"])
        #expect(methods.contains("a.b") == true)
        #expect(methods.contains("a.c") == false)
        let fourth = methods.need(at: start + .seconds(100))
        #expect(!fourth)
    }

    @Test("what nobody has asked for counts for nothing, and too much as nothing")
    func limits() {
        var methods = IdempotentMethods()
        methods.learn(["a.b"])
        #expect(methods.contains("a.b") == nil)
        _ = methods.need(at: start)
        methods.learn(Set((0...1000).map { "a.\($0)" }))
        #expect(methods.contains("a.0") == false)
    }

    @Test("a method counts if all versions of it are idempotent, and nothing of what can't be understood")
    func reading() {
        func method(_ name: Value, _ idempotent: Value?) -> Value {
            ["name": name, "params": [], "idempotent": idempotent ?? "missing"]
        }
        let inspection: Value = [
            "methods": [
                method("a.get", true), method("a.set", false), method("a.old", nil), method("a.both", true),
                method("a.both", false), method(7, true), "nonsense",
            ]
        ]
        #expect(IdempotentMethods.names(in: inspection) == ["a.get"])
        for nonsense in [.nil, 7, "methods", ["methods": 7], ["methods": [.nil]]] as [Value] {
            #expect(IdempotentMethods.names(in: nonsense).isEmpty)
        }
    }

    @Test("another process at the same endpoint is asked anew")
    func disconnected() {
        var peers = Peers(limit: 10, byteLimit: 10_000)
        let peer = Endpoint.number(1)
        peers.introduce(peer, at: start)
        let isAsked = peers.needIdempotentMethods(of: peer, at: start)
        #expect(isAsked)
        peers.learn(idempotentMethods: ["a.b"], of: peer)
        #expect(peers.isIdempotent("a.b", at: peer) == true)
        peers.disconnect(peer, at: start)
        #expect(peers.isIdempotent("a.b", at: peer) == nil)
        // The answer of the process before.
        peers.learn(idempotentMethods: ["a.b"], of: peer)
        #expect(peers.isIdempotent("a.b", at: peer) == nil)
    }
}
