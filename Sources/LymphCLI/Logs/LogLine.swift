internal import Lymph

/// A record of a log as `lymph tail` writes it.
struct LogLine {
    let record: LogRecord
    let publisher: TailTargets.Publisher?

    /// For a person: who, when, how bad, what.
    func text(style: Style) -> String {
        let parts = record.parts
        let who = publisher.map { "\($0.services.joined(separator: ",")) \($0.endpoint)" } ?? record.source
        var words = [style(who.printable, .dim)]
        if let time = parts.time { words.append(style(time, .dim)) }
        words.append(levelText(style))
        var message = parts.message.printable
        if let logger = parts.logger { message = "\(logger.printable): \(message)" }
        words.append(message)
        if let id = parts.traceID { words.append(style("trace_id=\(id.printable)", .dim)) }
        return words.joined(separator: " ")
    }

    private func levelText(_ style: Style) -> String {
        let text = record.level.rawValue.padded(to: 8)
        return switch record.level {
        case .debug: style(text, .dim)
        case .info: style(text, .green)
        case .warning: style(text, .yellow)
        case .error: style(text, .red)
        case .critical: style(text, .red, .bold)
        }
    }

    /// For a program: the parts, and where they come from.
    var json: JSON {
        let parts = record.parts
        return [
            "services": .array((publisher?.services ?? []).map(JSON.string)),
            "endpoint": .optional(publisher?.endpoint.description),
            "log_endpoint": .string(record.source),
            "level": .string(record.level.rawValue),
            "time": .optional(parts.time),
            "logger": .optional(parts.logger),
            "message": .string(parts.message),
            "trace_id": .optional(parts.traceID),
        ]
    }
}
