internal import Lymph
internal import LymphFleet

extension TailedRecord {
    /// The lines for people: who, when, how severe, what.
    ///
    /// Further lines of a message, such as a traceback, are indented, so that none of them looks like a record.
    var lines: [Line] {
        let parts = record.parts
        let who = publisher.map { "\($0.services.joined(separator: ",")) \($0.endpoint)" } ?? record.source
        var message = parts.message.split(separator: "\n", omittingEmptySubsequences: false)
        var words = [Line(who, .dim)]
        if let time = parts.time { words.append(Line(time, .dim)) }
        words.append(level)
        words.append((parts.logger.map { "\($0): " } ?? Line()) + Line(message.removeFirst()))
        if let id = parts.traceID { words.append(Line("trace_id=\(id)", .dim)) }
        return [words.joined(separator: " ")] + message.map { "    \($0)" }
    }

    private var level: Line {
        let text = record.level.rawValue.padded(to: 8)
        return switch record.level {
        case .debug: Line(text, .dim)
        case .info: Line(text, .green)
        case .warning: Line(text, .yellow)
        case .error: Line(text, .red)
        case .critical: Line(text, .red, .bold)
        }
    }
}
