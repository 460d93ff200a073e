import Glibc
import Logging
import Testing

@testable import Lymph
@testable import LymphService

@Suite("Published lines")
struct PublishingLogHandlerTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> LogLine {
        LogLine(time: "", label: "echo", level: .notice, message: message, metadata: metadata)
    }

    @Test("have the format of Python lymph")
    func format() {
        let line = line("hello", ["lymph.interface": "echo", "n": "1 2", "lymph.trace_id": "abc"])
        #expect(
            line.published(at: "2015-11-23 12:34:56,789")
                == #"2015-11-23 12:34:56,789 [INFO] echo: hello n="1 2" interface=echo - trace_id="abc""#)
    }

    @Test("have the task's trace if the logger has none")
    func trace() async {
        #expect(line("hello").published(at: "now") == #"now [INFO] echo: hello - trace_id="None""#)
        let traced = await TraceContext.with(id: "abc") { line("hello").published(at: "now") }
        #expect(traced == #"now [INFO] echo: hello - trace_id="abc""#)
    }

    @Test("stay one line, and the trace stays in its quotes")
    func forged() {
        let line = line("a\nb", ["lymph.trace_id": "x\" - trace_id=\"y\nz\u{1b}"])
        #expect(line.published(at: "now") == #"now [INFO] echo: a\nb - trace_id="x\" - trace_id=\"y\nz\u{1b}""#)
    }

    @Test("begin with the local time")
    func time() {
        setenv("TZ", "UTC", 1)
        tzset()
        #expect(LocalTime.text(seconds: 1_448_282_096, nanoseconds: 7_000_000) == "2015-11-23 12:34:56,007")
        setenv("TZ", "XYZ-5:30", 1)
        tzset()
        #expect(LocalTime.text(seconds: 1_448_282_096, nanoseconds: 999_999_999) == "2015-11-23 18:04:56,999")
        unsetenv("TZ")
        tzset()
    }
}
