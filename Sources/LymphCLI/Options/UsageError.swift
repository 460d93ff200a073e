internal import Lymph
internal import LymphService

/// Mistakes in a command line, reported on one line.
enum UsageError {
    /// The failure for an unknown command.
    static func unknownCommand(_ name: String, known: [String]) -> Failure {
        let question = NearNames.question(name, known).map { "; " + $0 } ?? ""
        return Failure(
            .usage, "there is no command \(name)\(question)".visible, advice: "`lymph list` shows the commands")
    }

    /// Condenses the argument parser's message (the error, the usage, where to find help) into one line.
    static func failure(_ message: String) -> Failure {
        let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
        var text = String(lines.first ?? "")
        if text.hasPrefix("Error: ") { text.removeFirst("Error: ".count) }
        let hint = lines.last.flatMap { $0.hasPrefix("See '") ? $0 : nil }
        let command = hint.map { $0.dropFirst("See '".count).prefix { $0 != "'" } }
        if text.hasSuffix(".") { text.removeLast() }
        // Allowed values are on lines of their own.
        let allowed = lines.dropFirst().prefix { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
        if !allowed.isEmpty { text += " " + allowed.joined(separator: ", ") }
        return Failure(.usage, text, advice: command.map { "`\($0)` shows what is allowed" })
    }
}
