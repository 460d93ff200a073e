internal import Logging

/// A line of the log, as text.
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
        return "\(time) \(shown) \(label): \(body(without: []))"
    }

    /// The message and its fields, but for those with these short names.
    func body(without names: Set<String>) -> String {
        var text = Self.escaped(message)
        // Who speaks comes last: so the text is at the same place in every line.
        let fields = metadata.map { (key: Self.short($0.key), value: "\($0.value)") }
            .filter { !names.contains($0.key) }
            .sorted { (Self.rank($0.key), $0.key) < (Self.rank($1.key), $1.key) }
        for (key, value) in fields { text += " \(Self.escaped(key))=\(Self.quoted(value))" }
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

    private static func short(_ key: String) -> String { key.hasPrefix("lymph.") ? String(key.dropFirst(6)) : key }

    private static func rank(_ key: String) -> Int { ["interface", "version", "trace_id"].firstIndex(of: key) ?? -1 }

    /// Values with spaces or quotes are put into quotes.
    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 != "\"" && $0 != " " && isPrintable($0) }
        if isPlain { return value }
        let inner = escaped(value).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        return "\"\(inner)\""
    }

    /// A line stays one line, and does nothing to a terminal, whatever a caller sends.
    private static func escaped(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy(isPrintable) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7f }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .format: return false
        default: return true
        }
    }
}
