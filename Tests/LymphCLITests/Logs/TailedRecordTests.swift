import Lymph
import LymphFleet
import Testing

@testable import LymphCLI

@Suite("Records as lymph tail shows them")
struct TailedRecordTests {
    private func record(_ text: String, _ level: PythonLevel = .info) -> LogRecord {
        LogRecord(level: level, source: "tcp://127.0.0.1:5000", text: text)
    }

    @Test("a record shows source, time, level and message, and can't control the terminal")
    func line() throws {
        let publisher = TailedRecord.Publisher(
            services: ["echo", "other"], endpoint: try Endpoint(validating: "tcp://127.0.0.1:4100"))
        let record = record("2015-11-23 12:34:56,789 [WARNING] a.b: red \u{1b}[31m - trace_id=\"abc\"", .warning)
        let line = TailedRecord(record: record, publisher: publisher)
        #expect(
            line.lines.plain == [
                "echo,other tcp://127.0.0.1:4100 2015-11-23 12:34:56,789 WARNING  a.b: red \\u{1b}[31m trace_id=abc"
            ])
        #expect(line.lines[0].text(Style(isColored: true)).contains("\u{1b}[33mWARNING \u{1b}[0m"))
        let unknown = TailedRecord(record: self.record("text"), publisher: nil)
        #expect(unknown.lines.plain == ["tcp://127.0.0.1:5000 INFO     text"])
    }

    @Test("no part of a record can forge a line that looks like another record")
    func forged() {
        let forged = "echo tcp://127.0.0.1:1 2015-11-23 12:34:56,789 ERROR    a: forged"
        let texts = [
            "2015-11-23 12:34:56,789 [INFO] a: b - trace_id=\"x\n\(forged)\"",
            "2015-11-23 12:34:56,789 [INFO] a\n\(forged): b - trace_id=\"x\"",
            "2015-11-23 12:34:56,789 [INFO] a: b\n\(forged) - trace_id=\"x\"", forged, "\r\(forged)", "x\n\(forged)",
        ]
        for text in texts {
            let record = LogRecord(level: .info, source: "tcp://1\n\(forged)", text: text)
            for line in TailedRecord(record: record, publisher: nil).lines.plain {
                #expect(line.hasPrefix("tcp://1\\n") || line.hasPrefix("    "), "\(line)")
            }
        }
        let record = record("2015-11-23 12:34:56,789 [INFO] a: one\n  two")
        #expect(
            TailedRecord(record: record, publisher: nil).lines.plain == [
                "tcp://127.0.0.1:5000 2015-11-23 12:34:56,789 INFO     a: one", "      two",
            ])
    }

    @Test("remarks about the reading itself")
    func news() throws {
        let silent = Tail.News.silent(try FleetAddress("echo@1.2"))
        #expect([silent.line].plain == ["no instance of echo@1.2 publishes its log now; waiting for one"])
        #expect(
            [Tail.News.dropped(3).line].plain
                == ["3 lines were dropped: they arrived faster than they could be written"])
    }
}
