import MessagePack
import Testing

@testable import Lymph

/// How a service answers requests, as seen by a peer that doesn't know our extensions.
extension Behaviour {
    @Suite("Answers", .timeLimit(.minutes(1)))
    struct AnswerTests {
        /// Sends a request and expects exactly these answers, as `KIND body`.
        private func expectAnswers(
            _ medium: Medium, _ subject: String, _ body: Value = [:], are expected: String...
        ) async throws {
            try await withRawPeer(medium) { peer, _ in
                try await peer.request(subject, body, id: "one")
                var answers: [RawAnswer] = []
                for _ in expected { answers.append(await peer.next()) }
                answers += try await peer.answersUntilPing()
                #expect(answers.map { "\($0.kind) \($0.body)" } == expected)
                #expect(answers.allSatisfy { $0.subject == "one" })
            }
        }

        @Test("a result is REP", arguments: Medium.allCases)
        func reply(_ medium: Medium) async throws {
            try await expectAnswers(medium, "echo.upper", ["text": "foo"], are: "REP \"FOO\"")
        }

        @Test("a declared error is ERROR, any other NACK", arguments: Medium.allCases)
        func errors(_ medium: Medium) async throws {
            try await expectAnswers(
                medium, "echo.divide", ["a": 1, "b": 0],
                are: "ERROR {\"type\": \"DivisionByZero\", \"message\": \"b is zero\"}")
            try await expectAnswers(medium, "echo.fail", are: "NACK nil")
        }

        @Test(
            "arguments that don't fit are answered with NACK", arguments: Medium.allCases,
            [
                [:], ["text": 1], ["txt": "foo"], ["text": "foo", "more": 1], .nil, [], "text", 1, ["text": nil],
            ] as [Value])
        func badArguments(_ medium: Medium, _ body: Value) async throws {
            try await expectAnswers(medium, "echo.upper", body, are: "NACK nil")
        }

        @Test(
            "unknown interfaces and methods are answered with NACK", arguments: Medium.allCases,
            [
                "ecko.upper", "echo.lower", "echo", "", ".", "echo.", ".upper", "lymph.nothing", "échö.ü",
            ])
        func unknown(_ medium: Medium, _ subject: String) async throws {
            try await withRawPeer(medium) { peer, _ in
                try await peer.request(subject, ["text": "foo"], id: "one")
                let answer = await peer.next()
                #expect(answer.kind == "NACK")
                #expect(answer.headers["reason"] == "rejected")
                #expect(answer.headers.mapValue?["version"] == nil)
            }
        }

        @Test("a refusal explains the caller's mistake in a header that other peers ignore", arguments: Medium.allCases)
        func details(_ medium: Medium) async throws {
            try await withRawPeer(medium) { peer, _ in
                let cases: [(String, Value, String?, String)] = [
                    ("echo.uper", [:], #"echo has no method "uper""#, "rejected"),
                    ("ecko.upper", [:], #"no interface "ecko" here"#, "rejected"),
                    ("echo.upper", ["txt": 1], #"unknown argument "txt"; it takes text"#, "rejected"),
                    ("lymph.ping", ["txt": 1], #"unknown argument "txt"; it takes payload"#, "rejected"),
                    ("echo.do_refuse", [:], "not so", "rejected"), ("echo.refuse", [:], "not yours", "unauthorized"),
                    ("echo.fail", [:], nil, "failed"), ("echo.do_nack", [:], nil, "overloaded"),
                ]
                for (subject, body, detail, reason) in cases {
                    try await peer.request(subject, body, id: "one")
                    let answer = await peer.next()
                    #expect(answer.kind == "NACK" && answer.body == .nil)
                    #expect(answer.headers["reason"] == .string(reason), "\(subject)")
                    #expect(answer.headers["detail"] == detail.map(Value.string), "\(subject)")
                }
            }
        }

        @Test("a version is matched exactly; no version means any", arguments: Medium.allCases)
        func versions(_ medium: Medium) async throws {
            let expected: [(Value, String)] = [
                (nil, "2.0.0"), ("", "2.0.0"), ("1.5.0", "1.5.0"), ("2.0.0", "2.0.0"), ("1.4.0", "NACK"),
                ("1.6.0", "NACK"),
                ("1.5.0+build", "NACK"), ("1.5.0-rc1", "NACK"), ("1.5", "NACK"), ("abc", "NACK"), (1, "NACK"),
                ([], "NACK"),
                (.binary([UInt8]("1.5.0".utf8)), "1.5.0"),
            ]
            let interfaces: [InterfaceDefinition] = [
                .init(EchoService.self, as: "echo", version: "1.5.0"),
                .init(EchoService.self, as: "echo", version: "2.0.0"),
            ]
            try await withRawPeer(medium, interfaces: interfaces) { peer, _ in
                for (version, result) in expected {
                    try await peer.request("echo.upper", ["text": "a"], id: "x", headers: ["version": version])
                    let answer = await peer.next()
                    #expect(answer.kind == (result == "NACK" ? "NACK" : "REP"), "\(version)")
                    #expect(answer.headers["version"] == (result == "NACK" ? nil : .string(result)), "\(version)")
                }
                // The built-in interface answers whatever version is requested.
                try await peer.request("lymph.ping", ["payload": 1], id: "x", headers: ["version": "0.15.0"])
                #expect(await peer.next().body == 1)
            }
        }

        @Test("an interface without a version is preferred to all versions", arguments: Medium.allCases)
        func unversioned(_ medium: Medium) async throws {
            let interfaces: [InterfaceDefinition] = [
                .init(EchoService.self, as: "echo", version: "1.5.0"), .init(EchoService.self, as: "echo"),
            ]
            try await withRawPeer(medium, interfaces: interfaces) { peer, _ in
                try await peer.request("echo.upper", ["text": "a"], id: "x")
                let headers = await peer.next().headers
                #expect(headers.mapValue?["version"] == .some(.nil))
            }
        }

        @Test("what a reply channel sends", arguments: Medium.allCases)
        func channels(_ medium: Medium) async throws {
            try await expectAnswers(medium, "echo.do_ack", are: "ACK nil")
            try await expectAnswers(medium, "echo.do_nack", are: "NACK nil")
            try await expectAnswers(medium, "echo.do_error", are: "ERROR {\"type\": \"Sad\", \"message\": \"so sad\"}")
            try await expectAnswers(medium, "echo.reply_then_ack", are: "REP \"first\"", "ACK nil")
            try await expectAnswers(medium, "echo.two_replies", are: "REP \"first\"", "REP \"second\"")
            try await expectAnswers(medium, "echo.ack_unless_replied", are: "REP \"first\"")
            try await expectAnswers(medium, "echo.reply_then_throw", are: "REP \"first\"")
            try await expectAnswers(
                medium, "echo.error_then_throw", are: "ERROR {\"type\": \"Sad\", \"message\": \"first\"}", "NACK nil")
            try await expectAnswers(
                medium, "echo.error_then_reply", are: "ERROR {\"type\": \"Sad\", \"message\": \"first\"}",
                "REP \"second\"")
            try await expectAnswers(
                medium, "echo.throw", are: "ERROR {\"type\": \"DivisionByZero\", \"message\": \"b is zero\"}")
        }

        @Test(
            "a raw method that drops its channel answers NACK; one that keeps it can answer later",
            arguments: Medium.allCases)
        func keptChannels(_ medium: Medium) async throws {
            try await expectAnswers(medium, "echo.forget", are: "NACK nil")
            try await withRawPeer(medium) { peer, _ in
                try await peer.keepChannel()
                try await peer.request("echo.answer_kept", [:], id: "later")
                let answers = [await peer.next(), await peer.next()]
                #expect(Set(answers.map { "\($0.subject) \($0.body)" }) == ["kept \"at last\"", "later nil"])
                try await peer.keepChannel()
                try await peer.request("echo.release", [:], id: "later")
                let others = [await peer.next(), await peer.next()]
                #expect(Set(others.map { "\($0.subject) \($0.kind)" }) == ["kept NACK", "later REP"])
            }
        }

        @Test("the same id twice is handled twice", arguments: Medium.allCases)
        func sameID(_ medium: Medium) async throws {
            try await withRawPeer(medium) { peer, _ in
                for id in ["", "same", "same", "ünïcode", String(repeating: "0", count: 32)] {
                    try await peer.request("echo.upper", ["text": "a"], id: id)
                    let answer = await peer.next()
                    #expect(answer.subject == id)
                    #expect(answer.body == "A")
                }
            }
        }

        @Test("the trace id comes back unchanged, and added headers arrive", arguments: Medium.allCases)
        func headers(_ medium: Medium) async throws {
            try await withRawPeer(medium) { peer, _ in
                for trace in [7, "abc", .binary([1]), ["x": 1]] as [Value] {
                    try await peer.request("echo.upper", ["text": "a"], id: "x", headers: ["trace_id": trace])
                    #expect(await peer.next().headers["trace_id"] == trace)
                }
                for headers in [[:], ["trace_id": nil]] as [Value] {
                    try await peer.request("echo.upper", ["text": "a"], id: "x", headers: headers)
                    #expect(await peer.next().headers["trace_id"]?.stringValue?.count == 32)
                }
                try await peer.request("echo.header", [:], id: "x", headers: ["x-sent": "seen", "unknown": 1])
                let answer = await peer.next()
                #expect(answer.headers["x-seen"] == "seen")
                #expect(answer.headers["unknown"] == nil)
                // A handler can't overwrite the framework's headers.
                #expect(answer.headers.mapValue?["version"] == .some(.nil))
            }
        }

        @Test("an empty headers frame means no headers", arguments: Medium.allCases)
        func emptyHeaders(_ medium: Medium) async throws {
            try await withRawPeer(medium) { peer, _ in
                try await peer.send([[1], Array("REQ".utf8), Array("lymph.ping".utf8), [], [0x80]])
                #expect(await peer.next().kind == "REP")
            }
        }
    }
}

extension RawPeer {
    /// Makes the service keep a channel. Requests run concurrently, so what must come after it has to wait.
    fileprivate func keepChannel() async throws {
        try request("echo.keep", [:], id: "kept")
        repeat {
            try request("echo.kept_count", [:], id: "count")
        } while await next().body != 1
    }
}
