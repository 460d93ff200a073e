import Logging
import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Log levels that are changed while the process runs")
struct LogLevelsTests {
    private let later = Instant.now + .seconds(3600)

    @Test(
        "a level applies to the label and all below it; the longest matching label counts",
        arguments: [
            ("lymph", .error), ("lymph.poller", .debug), ("lymph.poller.thread", .debug), ("lymph.client", .error),
            ("lymph.pollers", .error), ("lymphatic", .notice), ("lym", .notice), ("", .notice), ("other", .notice),
            ("other.lymph", .notice), ("LYMPH", .notice),
        ] as [(String, Logger.Level)])
    func prefixes(label: String, expected: Logger.Level) {
        let levels = LogLevels { .now }
        #expect(levels.level(for: label) == nil)
        levels.set(.notice, for: "", until: later)
        levels.set(.error, for: "lymph", until: later)
        levels.set(.debug, for: "lymph.poller", until: later)
        #expect(levels.level(for: label) == expected)
    }

    @Test("the number of labels with a level is limited, and an expired level makes room")
    func limit() {
        let levels = LogLevels { .now }
        for number in 0..<LogLevels.limit - 1 {
            #expect(levels.set(.error, for: "label \(number)", until: later) == true)
        }
        #expect(levels.set(.error, for: "brief", until: .now) == true)
        #expect(levels.set(.error, for: "last", until: later) == true)
        #expect(levels.set(.error, for: "one more", until: later) == false)
        #expect(levels.set(.trace, for: "last", until: later) == true)
        #expect(levels.level(for: "last") == .trace)
        #expect(levels.level(for: "one more") == nil)
    }

    @Test("without a level for all, other labels have none")
    func others() {
        let levels = LogLevels { .now }
        levels.set(.error, for: "lymph", until: later)
        for label in ["", "l", "lymphatic", "other"] { #expect(levels.level(for: label) == nil, "\(label)") }
        #expect(levels.level(for: "lymph") == .error)
    }

    @Test("a level lasts until its end, then the next shorter label counts")
    func expiry() {
        let (start, time) = (Instant.now, Lock(Duration.zero))
        let levels = LogLevels { start + time.withLock(\.self) }
        levels.set(.error, for: "lymph", until: start + .seconds(2))
        levels.set(.debug, for: "lymph.poller", until: start + .seconds(1))
        var seen: [Logger.Level?] = []
        for milliseconds in [0, 999, 1000, 1999, 2000] {
            time.withLock { $0 = .milliseconds(milliseconds) }
            seen.append(levels.level(for: "lymph.poller"))
        }
        #expect(seen == [.debug, .debug, .error, .error, nil])
        levels.set(.trace, for: "lymph", until: start + .seconds(2))
        #expect(levels.level(for: "lymph") == nil)
    }

    @Test("a level that is set again replaces the first")
    func again() {
        let levels = LogLevels { .now }
        levels.set(.error, for: "lymph", until: .now)
        levels.set(.debug, for: "lymph", until: later)
        #expect(levels.level(for: "lymph") == .debug)
        levels.set(.info, for: "lymph", until: later)
        #expect(levels.level(for: "lymph") == .info)
    }

    @Test("a logger follows the change, and keeps its own level, metadata and destination")
    func logger() {
        let (levels, log) = (LogLevels { .now }, RecordingHandler.Log())
        var base = Logger(label: "lymph.test") { _ in RecordingHandler(log: log) }
        base.logLevel = .warning
        var logger = levels.adjusting(base)
        logger[metadataKey: "a"] = "1"
        #expect(logger.label == "lymph.test")
        #expect(logger.logLevel == .warning)
        logger.info("dropped")
        levels.set(.debug, for: "lymph", until: later)
        #expect(logger.logLevel == .debug)
        logger.debug("seen", metadata: ["b": "2"])
        levels.set(.debug, for: "lymph", until: .now)
        #expect(logger.logLevel == .warning)
        logger.debug("dropped")
        logger.logLevel = .trace
        #expect(logger.logLevel == .trace)
        logger.trace("seen, too")
        #expect(log.lines == ["seen a=1 b=2", "seen, too a=1"])
        #expect(base.logLevel == .warning)
    }

    @Test(
        "levels can be given by the names and numbers of Python and of swift-log",
        arguments: [
            ("DEBUG", .debug), ("INFO", .info), ("WARNING", .warning), ("WARN", .warning), ("ERROR", .error),
            ("CRITICAL", .critical), ("FATAL", .critical), ("debug", .debug), ("Notice", .notice), ("trace", .trace),
            (.binary([UInt8]("DEBUG".utf8)), .debug),
            (10, .debug), (20, .info), (30, .warning), (40, .error), (50, .critical),
            (0, .trace), (9, .trace), (-1, .trace), (15, .debug), (25, .info), (39, .warning), (49, .error),
            (51, .critical), (1_000_000, .critical), (.uint(10), .debug), (.int(.min), .trace),
            ("", nil), ("NOTSET", nil), ("verbose", nil), ("10", nil), (" DEBUG", nil), (nil, nil), (true, nil),
            (10.0, nil), ([10], nil), (["level": "DEBUG"], nil), (.uint(.max), nil), (.binary([0xff]), nil),
        ] as [(Value, Logger.Level?)])
    func spellings(value: Value, expected: Logger.Level?) {
        #expect(Logger.Level(lymph: value) == expected)
    }
}

/// A log handler that keeps its lines.
private struct RecordingHandler: LogHandler {
    final class Log: @unchecked Sendable {
        // Written and read by one test, on one thread.
        var lines: [String] = []
    }

    let log: Log
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(log: Log) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        log.lines.append("\(event.message)" + all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined())
    }
}
