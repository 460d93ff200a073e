import Lymph
import LymphFleet
import LymphService
import MessagePack
import Testing

@testable import LymphCLI

@Suite("Lines")
struct LineTests {
    /// Ends lines, moves the cursor, reverses the text, hides characters.
    private static let evil = "a\nb\r\u{1b}[2J\u{9b}\u{85}\u{2028}\u{202e}\u{200b}\u{feff}\0"
    private static let shown =
        #"a\nb\r\u{1b}[2J\u{9b}\u{85}\u{2028}\u{202e}\u{200b}\u{feff}\u{0}"#

    @Test("interpolated text is escaped in a line; literals are not")
    func interpolation() {
        let line: Line = "x\ty \(Self.evil, .red) \(Line(Self.evil)) \(1)"
        #expect([line].plain == ["x\ty \(Self.shown) \(Self.shown) 1"])
        #expect(line.text(Style(isColored: true)).hasPrefix("x\ty \u{1b}[31ma\\nb"))
        #expect([Line(Self.evil), "a" + Line(Self.evil, .bold)].plain == [Self.shown, "a" + Self.shown])
    }

    @Test("letters of any script stay as they are", arguments: ["żółw", "漢字", "👩‍👩‍👧", "می‌خواهم", "a\u{308}", "’–"])
    func letters(text: String) {
        #expect([Line(text)].plain == [text])
        #expect(JSON.string(text).text == "\"\(text)\"")
    }

    @Test("text from a peer, a file or a registry can't add lines to a command's output")
    func everywhere() throws {
        let evil = Self.evil
        var instance = ServiceInstance(
            service: evil, endpoint: try Endpoint(host: "127.0.0.1", port: 1), id: evil, identity: evil)
        instance.hostname = evil
        let inspection = try Inspection(
            [
                "methods": [
                    [
                        "name": .string("\(evil).\(evil)"), "params": [.string(evil)], "help": .string(evil),
                        "types": .map([.string(evil): ["ref", .string(evil)]]), "returns": .string(evil),
                        "raises": [[.string(evil), [.string(evil), .string(evil)]]],
                        "defaults": .map([.string(evil): .string(evil)]),
                        "defs": [[.string(evil), "enum", [.string(evil)]]],
                    ]
                ]
            ],
            address: evil, endpoint: evil)
        let status: Value = [
            "endpoint": .string(evil), "identity": .string(evil),
            "connections": [["endpoint": .string(evil), "state": .string(evil), "outstanding": .string(evil)]],
        ]
        var load = LoadResult()
        load.fail(FleetFailure(.remoteError, evil))
        let listing = ServiceListing(
            survey: Survey(services: [evil: [instance]]), showsInstances: true, showsVersions: true, isFull: true)
        let record = LogRecord(level: .info, source: evil, text: evil)
        let lines: [[Line]] = [
            inspection.lines(width: 80), ServiceStatus(status).lines(width: 80), listing.lines(width: 80),
            PingStatistics().lines(of: evil), LoadReport(result: load, concurrency: 1, elapsed: .zero).lines(width: 80),
            Diagnosis(findings: [Finding(check: evil, verdict: .problem, message: evil, advice: evil)])
                .lines(width: 80),
            Failure(RemoteError(type: evil, message: evil), about: evil).lines,
            Failure(.usage, evil, details: [evil], advice: evil).lines, ValueText(width: 80).lines(of: status),
            TailedRecord(record: record, publisher: nil).lines,
        ]
        for text in lines.joined().map({ $0.text(Style(isColored: false)) }) {
            #expect(text.unicodeScalars.allSatisfy { $0.isShown }, "\(text.debugDescription)")
        }
        for json: JSON in [
            inspection.json, listing.survey.json, TailedRecord(record: record, publisher: nil).json, JSON(status),
        ] {
            #expect(json.text.unicodeScalars.allSatisfy { $0.isShown }, "\(json.text.debugDescription)")
        }
        #expect(try JSONParser.parse(Array(JSON.string(evil).text.utf8)) == .string(evil))
        let hidden = JSON.string("\u{e0041}")
        #expect(hidden.text == #""\udb40\udc41""#)
        #expect(try JSONParser.parse(Array(hidden.text.utf8)) == hidden)
    }

    @Test("nor to a node's own lines")
    func node() {
        let id = ProcessID(Self.evil, 1)
        let prefix = LinePrefixes([id], style: Style(isColored: false)).prefix(of: id)
        #expect(String(decoding: prefix, as: UTF8.self) == Self.shown + ".1 | ")
    }
}
