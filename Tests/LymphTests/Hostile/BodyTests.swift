import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// The bodies that methods read.
    @Suite("Bodies", .timeLimit(.minutes(1)))
    struct BodyTests {
        @Test("a body that is not a map of arguments is refused", arguments: Medium.allCases)
        func notArguments(_ medium: Medium) async throws {
            let bad: [[UInt8]] = [
                [], [0xc0], [0x01], [0x90], [0xc1], Bad.string("text"), [0x80], [0x81], [0x81, 0xa4], [0x80, 0x80],
                Bad.argument([]), Bad.argument([0xa1, 0x61, 0x00]), Bad.argument([0xa2, 0x61]), Bad.argument([0xc1]),
                Bad.argument([0xdd, 0xff, 0xff, 0xff, 0xff]), Bad.argument([0xdf, 0xff, 0xff, 0xff, 0xff]),
                Bad.argument([0xdb, 0xff, 0xff, 0xff, 0xff]), Bad.argument([0xc6, 0x7f, 0xff, 0xff, 0xff]),
                Bad.argument([0xc9, 0xff, 0xff, 0xff, 0xff, 101]), [0xdf, 0xff, 0xff, 0xff, 0xff], [0xde, 0xff, 0xff],
                [0xdd, 0xff, 0xff, 0xff, 0xff], Bad.unknownType, Bad.mapAsKey, [0x81, 0x01, 0x01], [0x81, 0xc0, 0x01],
                [0x81, 0xa4, 0xff, 0xff, 0xff, 0xff, 0x01], [0x81] + Bad.string("no_such") + [0x01],
                [0x82] + Bad.string("text") + [0xa1, 0x61] + Bad.string("more") + [0x01], Bad.nested(100_000),
                Bad.embedded(1),
            ]
            try await withStage(medium) { stage in
                try await stage.expect(failures: bad.count) {
                    for body in bad {
                        let answers = try await stage.answers(to: frames(body: body), fromMethod: 1)
                        expectNACK(answers, "\(body.prefix(40))")
                    }
                }
            }
        }

        @Test("an argument that is not a string is refused", arguments: Medium.allCases)
        func wrongTypes(_ medium: Medium) async throws {
            let bad: [[UInt8]] = [
                [0xc0], [0x01], [0xc2], [0x90], [0x80], [0xa1, 0xff], [0xc4, 0x01, 0xff],
                [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
                [0xd4, 0x07, 0x00], [0xd6, 0xff, 0, 0, 0, 0], Bad.unknownType, Bad.mapAsKey, Bad.nested(64),
                Bad.nested(65),
                Bad.nested(100_000), Bad.embedded(100), Bad.embedded(5000), Bad.object("set", [0x91, 0x80]),
            ]
            try await withStage(medium) { stage in
                try await stage.expect(failures: bad.count) {
                    for value in bad {
                        let answers = try await stage.answers(to: frames(body: Bad.argument(value)), fromMethod: 1)
                        expectNACK(answers, "\(value.prefix(40))")
                    }
                }
            }
        }

        @Test(
            "a value that would harm Python peers is answered with NACK when a method returns it",
            arguments: Medium.allCases)
        func notEchoed(_ medium: Medium) async throws {
            let bad: [[UInt8]] = [
                Bad.unknownType, Bad.object("Decimal", Bad.string("one")), Bad.object("Decimal", [0x01]),
                Bad.object("UUID", Bad.string("not a uuid")), Bad.object("datetime", Bad.string("yesterday")),
                Bad.object("date", Bad.string("2015-13-45")), Bad.object("time", Bad.string("25:00:00Z")),
                // a set of maps, of arrays, a set that is not an array
                Bad.object("set", [0x91, 0x80]), Bad.object("set", [0x91, 0x90]), Bad.object("set", [0x01]),
                // without a value, without a name, with a name that is not a string, with extra members
                [0x81] + Bad.string("__type__") + Bad.string("date"), [0x81] + Bad.string("__type__") + [0xc0],
                [0x82] + Bad.string("__type__") + [0x01] + Bad.string("_") + [0x01],
                [0x83] + Bad.object("date", Bad.string("2015-11-23")).dropFirst() + Bad.string("x") + [0x01],
                [0x81, 0xc4, 0x08] + Array("__type__".utf8) + [0x01],
                Bad.mapAsKey, [0x81, 0x90, 0x01], [0x81] + Bad.object("set", [0x90]) + [0x01],
                // the same deeper down
                [0x91] + Bad.unknownType, [0x81, 0xa1, 0x61] + Bad.unknownType, Bad.nested(30, Bad.mapAsKey),
            ]
            try await withStage(medium) { stage in
                try await stage.expect(failures: 2 * bad.count) {
                    for value in bad {
                        var message = frames(about: "echo.echo", body: Bad.argument(value))
                        expectNACK(
                            try await stage.answers(to: message, fromMethod: 1), reason: "failed", "\(value.prefix(40))"
                        )
                        // The built-in interface answers on another path.
                        message[2] = Array("lymph.ping".utf8)
                        message[4] = [0x81] + Bad.string("payload") + value
                        expectNACK(try await stage.answers(to: message), "\(value.prefix(40))")
                    }
                }
            }
        }

        @Test("64 levels of nesting are read and answered, 65 are not", arguments: Medium.allCases)
        func depth(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                try await stage.expect(failures: 3) {
                    for depth in [1, 63, 64] {
                        let message = frames(about: "echo.echo", body: Bad.argument(Bad.nested(depth)))
                        let answers = try await stage.answers(to: message, fromMethod: 1)
                        #expect(answers.map(\.kind) == ["REP"], "\(depth)")
                        #expect(answers.first?.frames[4] == Bad.nested(depth), "\(depth)")
                    }
                    for depth in [65, 600, 100_000] {
                        let message = frames(about: "echo.echo", body: Bad.argument(Bad.nested(depth)))
                        expectNACK(try await stage.answers(to: message, fromMethod: 1), "\(depth)")
                    }
                }
            }
        }

        @Test("of a repeated name the last one counts", arguments: Medium.allCases)
        func duplicates(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                try await stage.expect {
                    let twice = [0x82] + Bad.string("text") + [0xa1, 0x61] + Bad.string("text") + [0xa1, 0x62]
                    let answers = try await stage.answers(to: frames(body: twice), fromMethod: 1)
                    #expect(answers.map(\.body) == ["B"])
                    let map: [UInt8] = [0x82, 0xa1, 0x61, 0x01, 0xa1, 0x61, 0x02]
                    let echoed = try await stage.answers(
                        to: frames(about: "echo.echo", body: Bad.argument(map)), fromMethod: 1)
                    #expect(echoed.map(\.body) == [["a": 2]])
                }
            }
        }

        @Test("every method of the built-in interface refuses wrong arguments", arguments: Medium.allCases)
        func builtin(_ medium: Medium) async throws {
            let bad: [(String, Value)] = [
                ("ping", ["x": 1]), ("ping", 1), ("status", ["a": 1]), ("inspect", []), ("get_metrics", ["payload": 1]),
                ("change_loglevel", [:]), ("change_loglevel", ["qualname": "x"]),
                ("change_loglevel", ["qualname": 1, "loglevel": "DEBUG"]),
                ("change_loglevel", ["qualname": "x", "loglevel": "LOUD"]),
                ("change_loglevel", ["qualname": "x", "loglevel": []]),
                ("change_loglevel", ["qualname": "x", "loglevel": "DEBUG", "period": -1]),
                ("change_loglevel", ["qualname": "x", "loglevel": "DEBUG", "period": .double(.nan)]),
                ("change_loglevel", ["qualname": "x", "loglevel": "DEBUG", "period": .double(.infinity)]),
                ("change_loglevel", ["qualname": "x", "loglevel": "DEBUG", "period": 1e300]),
                ("change_loglevel", ["qualname": "x", "loglevel": "DEBUG", "period": "long"]),
            ]
            try await withStage(medium) { stage in
                try await stage.expect(failures: bad.count) {
                    for (method, body) in bad {
                        let message = frames(about: "lymph.\(method)", body: try body.encoded())
                        // The types that inspect shows are found out by a worker, so a ping may be answered before.
                        let answers = try await stage.answers(to: message, fromMethod: method == "inspect" ? 1 : 0)
                        expectNACK(answers, "\(method) \(body)")
                    }
                }
            }
        }
    }
}
