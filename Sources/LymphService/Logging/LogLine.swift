internal import Logging
internal import Lymph

/// A log line as text.
struct LogLine {
    let time: String
    let label: String
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    /// `2026-11-22T16:15:00.123Z INFO echo: text key=value interface=echo trace_id=…`
    func text(isColoured: Bool) -> String {
        let name = level.rawValue.uppercased()
        let shown = isColoured ? "\u{1b}[\(colour)m\(name)\u{1b}[0m" : name
        return "\(time) \(shown) \(label.shown): \(body(without: []))"
    }

    /// The message and its fields, except those with the given short names.
    func body(without names: Set<String>) -> String {
        var text = message.shown
        // The interface and the trace come last, after the fields of the message itself.
        let fields = metadata.map { (key: LogKey.short($0.key), value: "\($0.value)") }
            .filter { !names.contains($0.key) }
            .sorted { (Self.rank($0.key), $0.key) < (Self.rank($1.key), $1.key) }
        for (key, value) in fields { text += " \(key.shown)=\(Self.isPlain(value) ? value : Self.quoted(value))" }
        return text
    }

    private var colour: String {
        switch level {
        case .trace, .debug: "2"
        case .info, .notice: "32"
        case .warning: "33"
        case .error, .critical: "31"
        }
    }

    private static let speaker = [LogKey.interface, LogKey.version, LogKey.traceID].map(LogKey.short)

    private static func rank(_ key: String) -> Int { Self.speaker.firstIndex(of: key) ?? -1 }

    /// Whether a value can be written without quotes.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value.unicodeScalars.allSatisfy { $0 != "\"" && $0 != " " } && value.shown == value
    }

    /// A value in quotes, with everything escaped that could end them.
    static func quoted(_ value: String) -> String {
        let inner = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(inner.shown)\""
    }
}
