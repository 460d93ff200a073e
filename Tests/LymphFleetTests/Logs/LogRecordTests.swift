import Lymph
import Testing

@testable import LymphFleet

@Suite("Lines of a log")
struct LogRecordTests {
    private func record(_ text: String, _ level: PythonLevel = .info) -> LogRecord {
        LogRecord(level: level, source: "tcp://127.0.0.1:5000", text: text)
    }

    @Test("a record is three frames, the first of which is a level")
    func frames() {
        let frames = ["INFO", "tcp://127.0.0.1:5000", "text"].map { Array($0.utf8) }
        #expect(LogRecord(frames: frames) == record("text"))
        #expect(LogRecord(frames: Array(frames.dropLast())) == nil)
        #expect(LogRecord(frames: frames + frames) == nil)
        #expect(LogRecord(frames: [Array("info".utf8)] + frames.dropFirst()) == nil)
        let broken = LogRecord(frames: [Array("ERROR".utf8), [0xff], [0x61, 0xff]])
        #expect(broken == LogRecord(level: .error, source: "\u{fffd}", text: "a\u{fffd}"))
    }

    @Test("a line in lymph's format is taken apart")
    func parts() {
        let parts = record(#"2015-11-23 12:34:56,789 [INFO] lymph.core.rpc: a: b [x] - trace_id="abc""#).parts
        #expect(parts.time == "2015-11-23 12:34:56,789")
        #expect(parts.logger == "lymph.core.rpc")
        #expect(parts.message == "a: b [x]")
        #expect(parts.traceID == "abc")
    }

    @Test("a traceback stays with its message, and trace None is no trace")
    func traceback() {
        let text = "2015-11-23 12:34:56,789 [ERROR] a: it broke - trace_id=\"None\"\nTraceback:\n  File"
        let parts = record(text, .error).parts
        #expect(parts.message == "it broke\nTraceback:\n  File")
        #expect(parts.traceID == nil)
    }

    @Test(
        "a line in any other format is a message",
        arguments: [
            "", "text", "[INFO] a: b", "2015-11-23 12:34:56 [INFO] a: b", "2015-11-23 12:34:56,789 [ERROR] a: b",
            "2015-11-23 12:34:56,789 [INFO] a", "x015-11-23 12:34:56,789 [INFO] a: b",
        ])
    func others(text: String) {
        #expect(record(text).parts.message == text)
        #expect(record(text).parts.time == nil)
    }

    @Test("JSON has the parts of a record, and where it comes from")
    func document() throws {
        let publisher = TailedRecord.Publisher(
            services: ["echo", "other"], endpoint: try Endpoint(validating: "tcp://127.0.0.1:4100"))
        let record = record("2015-11-23 12:34:56,789 [WARNING] a.b: red \u{1b}[31m - trace_id=\"abc\"", .warning)
        let json = TailedRecord(record: record, publisher: publisher).json
        #expect(json["services"] == ["echo", "other"])
        #expect(json["level"] == "WARNING")
        #expect(json["message"] == "red \u{1b}[31m")
        #expect(json["trace_id"] == "abc")
        #expect(TailedRecord(record: self.record("text"), publisher: nil).json["endpoint"] == .null)
    }

    @Test(
        "a trace id with quotes in it is read unchanged",
        arguments: ["a\"b", "a\\", "\\\"", "a\\nb", "\" - trace_id=\"x"])
    func quotes(id: String) {
        let quoted = id.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let parts = record("2015-11-23 12:34:56,789 [INFO] a: b - trace_id=\"\(quoted)\"").parts
        #expect(parts.traceID == id)
        #expect(parts.message == "b")
    }

    @Test("levels are read in every spelling")
    func levels() {
        #expect(PythonLevel(named: "warn") == .warning)
        #expect(PythonLevel(named: "Critical") == .critical)
        #expect(PythonLevel(named: "trace") == .debug)
        #expect(PythonLevel(named: "loud") == nil)
        #expect(PythonLevel.warning.andAbove == [.warning, .error, .critical])
    }
}
