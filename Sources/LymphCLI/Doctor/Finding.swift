/// One thing that `lymph doctor` has looked at.
struct Finding: Equatable, Sendable {
    enum Verdict: String, Sendable {
        case fine
        case warning
        case problem
        /// It can't be found out.
        case unknown
    }

    /// What was looked at, in a word.
    let check: String
    let verdict: Verdict
    /// What was found.
    let message: String
    /// What to do about it.
    var advice: String?

    var json: JSON {
        [
            "check": .string(check), "verdict": .string(verdict.rawValue), "message": .string(message),
            "advice": .optional(advice),
        ]
    }
}

/// All that was found.
struct Diagnosis: Equatable, Sendable {
    var findings: [Finding] = []

    var hasProblems: Bool { findings.contains { $0.verdict == .problem } }

    func lines(width: Int, style: Style) -> [String] {
        let widest = findings.map(\.check.displayWidth).max() ?? 0
        let margin = String(repeating: " ", count: widest + 4)
        let room = max(20, width - margin.count)
        var lines: [String] = []
        for finding in findings {
            let text = finding.message.printable.wrapped(to: room)
            let name = finding.check.padded(to: widest)
            lines.append("\(Self.mark(finding.verdict, style)) \(name)  \(text.first ?? "")")
            lines += text.dropFirst().map { margin + $0 }
            guard let advice = finding.advice?.printable.wrapped(to: room - 2) else { continue }
            lines.append(margin + style("→ ", .bold) + (advice.first ?? ""))
            lines += advice.dropFirst().map { margin + "  " + $0 }
        }
        return lines + ["", conclusion(style)]
    }

    private func conclusion(_ style: Style) -> String {
        let problems = findings.count { $0.verdict == .problem }
        let warnings = findings.count { $0.verdict == .warning }
        let warned = warnings == 0 ? "" : warnings == 1 ? ", 1 warning" : ", \(warnings) warnings"
        if problems == 0 { return style("No problems", .bold, .green) + warned }
        return style(problems == 1 ? "1 problem" : "\(problems) problems", .bold, .red) + warned
    }

    private static func mark(_ verdict: Finding.Verdict, _ style: Style) -> String {
        switch verdict {
        case .fine: style("✓", .green)
        case .warning: style("!", .yellow, .bold)
        case .problem: style("✗", .red, .bold)
        case .unknown: style("?", .dim)
        }
    }

    var json: JSON {
        ["ok": .bool(!hasProblems), "findings": .array(findings.map(\.json))]
    }
}
