import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    @Suite("Frames", .timeLimit(.minutes(1)))
    struct FrameTests {
        @Test("a wrong number of frames is counted and dropped", arguments: Medium.allCases)
        func counts(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                var bad = [1, 2, 3, 4, 6, 7, 8, 9, 100].map { [[UInt8]](repeating: Array("x".utf8), count: $0) }
                bad.append(frames() + [[]])
                bad.append([[]] + frames())
                bad.append([[UInt8]](repeating: [], count: 3))
                try await stage.expect(drops: [.frameCount: bad.count - 1, .packed: 1]) {
                    for message in bad { try await stage.expectNoAnswer(to: message) }
                }
            }
        }

        @Test("an unknown kind is counted and dropped", arguments: Medium.allCases)
        func kinds(_ medium: Medium) async throws {
            let bad = [
                "", "req", "Req", "REQ ", "REQ\0", "RE", "REPLY", "NAC", "NACKS", "ACKK", "ERR", "ERROR ", "CANCE",
                "CANCELS", "cancel", "R", "RXQ", "AXK", "NXXX", "EXXXX", "CXXXXX",
                String(repeating: "REQ", count: 1000), "\u{1F4A9}",
            ]
            try await withStage(medium) { stage in
                try await stage.expect(drops: [.kind: bad.count + 1]) {
                    for kind in bad { try await stage.expectNoAnswer(to: frames(kind: kind)) }
                    var message = frames()
                    message[1] = [0xff, 0xfe, 0xfd]
                    try await stage.expectNoAnswer(to: message)
                }
            }
        }

        @Test("a cancellation of what isn't there is ignored, a malformed one dropped", arguments: Medium.allCases)
        func cancellations(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                try await stage.expect(drops: [.encoding: 1, .headers: 1]) {
                    for id in ["", "nobody", String(repeating: "x", count: 100_000)] {
                        try await stage.expectNoAnswer(to: frames(kind: "CANCEL", about: id))
                    }
                    var message = frames(kind: "CANCEL")
                    message[2] = [0xff]
                    try await stage.expectNoAnswer(to: message)
                    try await stage.expectNoAnswer(to: frames(kind: "CANCEL", about: "x", headers: [0xc0]))
                }
            }
        }

        @Test("an id that is not UTF-8 can't be answered; it is counted and dropped", arguments: Medium.allCases)
        func ids(_ medium: Medium) async throws {
            let bad: [[UInt8]] = [
                [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80],
                [UInt8](repeating: 0x80, count: 32), Array("abc".utf8) + [0xe2, 0x82],
            ]
            try await withStage(medium) { stage in
                try await stage.expect(drops: [.encoding: 2 * bad.count]) {
                    for id in bad {
                        var message = frames()
                        message[0] = id
                        try await stage.expectNoAnswer(to: message)
                        message[1] = Array("REP".utf8)
                        try await stage.expectNoAnswer(to: message)
                    }
                }
            }
        }

        @Test("a request with a subject that is not UTF-8 is refused, an answer is dropped", arguments: Medium.allCases)
        func subjects(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                try await stage.expect(drops: [.encoding: 10]) {
                    for bad in [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], Array("echo.upper".utf8) + [0x80]]
                        as [[UInt8]]
                    {
                        var message = frames()
                        message[2] = bad
                        expectNACK(try await stage.answers(to: message))
                        message[1] = Array("REP".utf8)
                        try await stage.expectNoAnswer(to: message)
                    }
                }
            }
        }

        @Test("a subject that names no method is refused, without a counter", arguments: Medium.allCases)
        func methods(_ medium: Medium) async throws {
            let bad = [
                "", ".", "..", "echo", "echo.", ".upper", "upper.echo", "Echo.upper", "echo.Upper", "echo.upper.",
                "echo..upper",
                "echo.upper\0", "lymph", "lymph.", "lymph.nothing", "lymph.ping.ping", "\u{202e}oche.reppu",
                "echo.init",
            ]
            try await withStage(medium) { stage in
                try await stage.expect(failures: bad.count) {
                    for subject in bad { expectNACK(try await stage.answers(to: frames(about: subject)), "\(subject)") }
                }
            }
        }

        @Test("a request with headers that are not a map is refused, an answer is dropped", arguments: Medium.allCases)
        func headers(_ medium: Medium) async throws {
            let bad: [[UInt8]] = [
                // nil, 0, true, "abc", [], [1], a float: what kills a Python service
                [0xc0], [0x00], [0xc3], [0xa3, 0x61, 0x62, 0x63], [0x90], [0x91, 0x01], [0xca, 0, 0, 0, 0],
                // not assigned, binary, ext 101 around a map
                [0xc1], [0xc4, 0x00], [0xd4, 101, 0x80],
                // cut short
                [0x81], [0x81, 0xa1], [0x81, 0xa1, 0x61], [0xde], [0xde, 0x00], [0xdf, 0, 0, 0],
                [0x81, 0xa1, 0x61, 0xda, 0xff],
                // followed by something
                [0x80, 0x80], [0x80, 0x00], [0x81, 0xa1, 0x61, 0x01, 0x02],
                // 2^16-1 and 2^32-1 pairs, a name and a value of 4 GiB
                [0xde, 0xff, 0xff], [0xdf, 0xff, 0xff, 0xff, 0xff], [0x81, 0xdb, 0xff, 0xff, 0xff, 0xff],
                [0x81, 0xa1, 0x61, 0xc6, 0xff, 0xff, 0xff, 0xff], [0x81, 0xa1, 0x61, 0xdd, 0xff, 0xff, 0xff, 0xff],
                // a name that is not UTF-8, a trace id that is not
                [0x81, 0xa1, 0xff, 0x01], [0x81, 0xa8] + Array("trace_id".utf8) + [0xa1, 0xff],
                // 100 000 levels in what is read
                [0x81, 0xa8] + Array("trace_id".utf8) + [UInt8](repeating: 0x91, count: 100_000) + [0x01],
                [0x81, 0xa7] + Array("version".utf8) + [UInt8](repeating: 0x91, count: 100_000) + [0x01],
                [0x81, 0xa6] + Array("return".utf8) + [UInt8](repeating: 0x91, count: 100_000) + [0x01],
            ]
            try await withStage(medium) { stage in
                // The last three are also too long for a request.
                try await stage.expect(drops: [.headers: 2 * bad.count - 3, .tooLarge: 3]) {
                    for headers in bad {
                        expectNACK(try await stage.answers(to: frames(headers: headers)), "\(headers.prefix(40))")
                        try await stage.expectNoAnswer(to: frames(kind: "REP", headers: headers))
                    }
                }
            }
        }

        @Test("unknown headers are skipped, however deep or odd", arguments: Medium.allCases)
        func oddHeaders(_ medium: Medium) async throws {
            let odd: [[UInt8]] = [
                [0x81, 0xa1, 0x61] + [UInt8](repeating: 0x91, count: 60_000) + [0x01],
                [0x81, 0xa1, 0x61] + Bad.unknownType,
                [0x82, 0xa1, 0x61, 0x01, 0xa1, 0x61, 0x02],
                [0x81, 0xa6] + Array("return".utf8) + [0xc0],
                [0x81, 0xa6] + Array("reason".utf8) + [0x81, 0x90, 0x90],
                [0x81, 0xa8] + Array("trace_id".utf8) + Bad.unknownType,
                [0x81, 0xa8] + Array("trace_id".utf8) + Bad.mapAsKey,
            ]
            try await withStage(medium) { stage in
                try await stage.expect {
                    for headers in odd {
                        let answers = try await stage.answers(to: frames(headers: headers), fromMethod: 1)
                        #expect(answers.map(\.body) == ["A"], "\(headers.prefix(40))")
                        // Values that would stop a Python peer are not forwarded.
                        #expect(answers.first?.headers["trace_id"]?.stringValue?.count == 32)
                    }
                }
            }
        }

        @Test("a malformed version is refused", arguments: Medium.allCases)
        func versions(_ medium: Medium) async throws {
            let bad: [Value] = [
                "1", "1.5", "abc", "1.0.0", "-1.0.0", "99999999999999999999999999.0.0", "1.0.0\0", 1, [], [:], true,
                1.5,
                .binary([0xff]), .ext(type: 7, bytes: [1]),
            ]
            try await withStage(medium) { stage in
                try await stage.expect(failures: bad.count) {
                    for version in bad {
                        let headers = try Value.map(["version": version]).encoded()
                        expectNACK(try await stage.answers(to: frames(headers: headers)), "\(version)")
                    }
                }
            }
        }
    }
}
