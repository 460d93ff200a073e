import Foundation
import Logging
import Testing

@testable import LymphService

@Suite("Log lines")
struct LogLineTests {
    private func text(_ message: String, _ metadata: Logger.Metadata = [:], isColoured: Bool = false) -> String {
        LogLine(time: "T", label: "echo", level: .warning, message: message, metadata: metadata)
            .text(isColoured: isColoured)
    }

    @Test("a line has time, level, label, text, values, interface and trace id")
    func order() {
        #expect(
            text(
                "hello there",
                ["lymph.trace_id": "abc", "z": "1", "lymph.interface": "echo", "a": "x y", "lymph.version": "1.0.0"])
                == #"T WARNING echo: hello there a="x y" z=1 interface=echo version=1.0.0 trace_id=abc"#)
    }

    @Test("a line is coloured only if asked for")
    func colour() {
        #expect(text("x", isColoured: true) == "T \u{1b}[33mWARNING\u{1b}[0m echo: x")
    }

    @Test("nothing that a caller sends can end the line or control the terminal")
    func escapes() {
        #expect(
            text("a\nb\u{1b}[2J\u{7f}é\u{202e}", ["k": "say \"hi\"\r", "e": "", "bad key\n": "1"])
                == #"T WARNING echo: a\nb\u{1b}[2J\u{7f}é\u{202e} bad key\n=1 e="" k="say \"hi\"\r""#)
    }

    @Test("a caller's value can end neither its quotes nor its line")
    func forged() {
        #expect(text("x", ["k": #"a\" level=1"#]) == #"T WARNING echo: x k="a\\\" level=1""#)
        let line = LogLine(time: "T", label: "a\nb", level: .info, message: "\u{2028}\u{200b}", metadata: [:])
        #expect(line.text(isColoured: false) == #"T INFO a\nb: \u{2028}\u{200b}"#)
    }

    @Test("times are in UTC, with milliseconds")
    func time() {
        #expect(ServiceLogHandler.text(seconds: 1_000_000_000, nanoseconds: 5_999_999) == "2001-09-09T01:46:40.005Z")
    }

    @Test("a file is appended to, and reopened under its name")
    func file() throws {
        let folder = try Folder()
        let path = try folder.write("before\n", to: "log")
        let output = try LogOutput(path: path)
        output.write("one")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        output.write("two")
        LineWriter.flushAll()
        output.reopen()
        output.write("three")
        LineWriter.flushAll()
        #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "before\none\ntwo\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\n")
        #expect(throws: LogOutput.Failure.self) { try LogOutput(path: folder.path) }
    }

    @Test("colours depend on the option, the terminal, NO_COLOR and TERM")
    func colours() {
        func wanted(_ option: Bool?, _ isTerminal: Bool, _ environment: [String: String] = [:]) -> Bool {
            ServiceLogging.isColoured(option, isTerminal: isTerminal, environment: environment)
        }
        #expect(wanted(nil, true, ["TERM": "xterm"]))
        #expect(!wanted(nil, false, ["TERM": "xterm"]))
        #expect(!wanted(nil, true, ["TERM": "xterm", "NO_COLOR": "1"]))
        #expect(wanted(nil, true, ["TERM": "xterm", "NO_COLOR": ""]))
        // A terminal of unknown type may not support colours.
        for unknown in [[:], ["TERM": ""], ["TERM": "dumb"]] { #expect(!wanted(nil, true, unknown)) }
        #expect(wanted(true, false, ["NO_COLOR": "1"]))
        #expect(!wanted(false, true))
    }
}
