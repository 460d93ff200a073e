internal import Glibc
internal import Logging

/// Writes log lines for people.
struct ServiceLogHandler: LogHandler {
    let label: String
    let output: LogOutput
    let isColoured: Bool
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        output.write(line(of: event).text(isColoured: isColoured))
    }

    /// The line for an event, with the metadata from all sources.
    func line(of event: LogEvent) -> LogLine {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        return LogLine(time: Self.now(), label: label, level: event.level, message: "\(event.message)", metadata: all)
    }

    /// The current time in UTC, with milliseconds.
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    static func text(seconds: Int, nanoseconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func pad(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = [pad(parts.tm_year + 1900, 4), pad(parts.tm_mon + 1, 2), pad(parts.tm_mday, 2)].joined(
            separator: "-")
        let clock = [pad(parts.tm_hour, 2), pad(parts.tm_min, 2), pad(parts.tm_sec, 2)].joined(separator: ":")
        return "\(date)T\(clock).\(pad(nanoseconds / 1_000_000, 3))Z"
    }
}
