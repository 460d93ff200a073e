internal import Logging
internal import Lymph

/// Writes log lines for people, and publishes them for `lymph tail`.
///
/// Not a `MultiplexLogHandler`: that checks the level of each of its handlers again, and would hold back lines that
/// `lymph.change_loglevel` lets through.
struct PublishingLogHandler: LogHandler {
    var base: ServiceLogHandler
    let publisher: LogPublisher

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        base.log(event: event)
        publisher.publish(event.level) { base.line(of: event).published(at: LocalTime.now()) }
    }
}

extension LogLine {
    /// The line in Python lymph's format:
    /// `2015-11-23 12:34:56,789 [INFO] echo: the message key=value - trace_id="…"`.
    func published(at time: String) -> String {
        let id = metadata[LogKey.traceID].map { "\($0)" } ?? TraceContext.id ?? "None"
        return
            "\(time) [\(level.pythonName)] \(label.shown): \(body(without: [LogKey.short(LogKey.traceID)])) - trace_id=\(Self.quoted(id))"
    }
}
