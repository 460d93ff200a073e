import Testing

import struct ZeroMQ.Instant

@testable import Lymph

@Suite("The built-in interface")
struct BuiltinInterfaceTests {
    private func describe(_ subject: String) -> String {
        switch BuiltinInterface.method(of: subject) {
        case .method(let method): "\(method)"
        case .unknown: "unknown"
        case nil: "another interface"
        }
    }

    @Test(
        "subjects",
        arguments: [
            ("lymph.ping", "ping"), ("lymph.status", "status"), ("lymph.inspect", "inspect"),
            ("lymph.get_metrics", "getMetrics"), ("lymph.change_loglevel", "changeLogLevel"),
            ("lymph.", "unknown"), ("lymph.Ping", "unknown"), ("lymph.getMetrics", "unknown"),
            ("lymph.ping ", "unknown"), ("lymph.pin", "unknown"),
            ("", "another interface"), ("lymph", "another interface"), ("Lymph.ping", "another interface"),
            ("lymphs.ping", "another interface"), (".ping", "another interface"), ("ping", "another interface"),
            ("echo.ping", "another interface"), ("echo.lymph.ping", "another interface"),
            ("lymph.ping.ping", "another interface"), ("lymph..ping", "another interface"),
            ("lymph.\u{301}ping", "another interface"),
        ])
    func subjects(subject: String, expected: String) {
        #expect(describe(subject) == expected)
    }

    @Test("every method has a help text")
    func help() {
        #expect(BuiltinInterface.Method.allCases.count == 5)
        for method in BuiltinInterface.Method.allCases {
            #expect(!method.help.isEmpty)
            for parameter in method.parameters.map(\.name) where parameter != "loglevel" {
                #expect(method.help.contains("`\(parameter)`"), "\(method) does not explain \(parameter)")
            }
        }
    }
}

@Suite("Where answers go")
struct ReplyAddressTests {
    private func request(_ headers: [UInt8]) throws -> Message {
        try Message(frames: Wire.frames(id: "one", headers: headers), sender: nil)
    }

    @Test("an answer goes back on the connection if the peer reads there, otherwise to its endpoint")
    func routes() throws {
        let peer = Endpoint.number(1)
        let same = ReplyAddress(
            of: try request(Wire.map((Wire.str("return"), Wire.str("same")))), from: peer, trace: TraceID("own"),
            at: .origin)
        #expect(same.route == .back(peer))
        #expect(same.id == .text("one"))
        #expect(same.version == .noInterface)
        let python = ReplyAddress(of: try request([0x80]), from: peer, trace: TraceID("own"), at: .origin)
        #expect(python.route == .dial(peer))
        let unreadable = ReplyAddress(id: .text("two"), peer: peer, trace: TraceID("own"))
        #expect(unreadable.route == .dial(peer))
        #expect(unreadable.id == .text("two"))
        #expect(Route.dial(peer).peer == peer)
        #expect(Route.back(peer).peer == peer)
    }

    @Test("the trace is the request's, or a new one")
    func traces() throws {
        var made = 0
        func new() -> TraceID {
            made += 1
            return TraceID("own")
        }
        let traced = try request(Wire.map((Wire.str("trace_id"), Wire.str("abc"))))
        #expect(ReplyAddress(of: traced, from: .number(1), trace: new(), at: .origin).trace == TraceID("abc"))
        #expect(made == 0)
        #expect(
            ReplyAddress(of: try request([0x80]), from: .number(1), trace: new(), at: .origin).trace == TraceID("own"))
        #expect(made == 1)
    }
}
