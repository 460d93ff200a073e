internal import Lymph
internal import LymphFleet

extension Diagnosis {
    /// The lines for people.
    func lines(width: Int) -> [Line] {
        let widest = findings.map(\.check.displayWidth).max() ?? 0
        let margin = String(repeating: " ", count: widest + 4)
        let room = max(20, width - margin.count)
        var lines: [Line] = []
        for finding in findings {
            let text = finding.message.shown.wrapped(to: room)
            let name = finding.check.padded(to: widest)
            lines.append("\(Self.mark(finding.verdict)) \(name)  \(text.first ?? "")")
            lines += text.dropFirst().map { Line(margin + $0) }
            guard let advice = finding.advice?.shown.wrapped(to: room - 2) else { continue }
            lines.append("\(margin)\("→ ", .bold)\(advice.first ?? "")")
            lines += advice.dropFirst().map { Line(margin + "  " + $0) }
        }
        return lines + ["", conclusion]
    }

    private var conclusion: Line {
        let problems = findings.count { $0.verdict == .problem }
        let warnings = findings.count { $0.verdict == .warning }
        let warned = warnings == 0 ? "" : warnings == 1 ? ", 1 warning" : ", \(warnings) warnings"
        if problems == 0 { return "\("No problems", .bold, .green)\(warned)" }
        return "\(problems == 1 ? "1 problem" : "\(problems) problems", .bold, .red)\(warned)"
    }

    private static func mark(_ verdict: Finding.Verdict) -> Line {
        switch verdict {
        case .fine: Line("✓", .green)
        case .warning: Line("!", .yellow, .bold)
        case .problem: Line("✗", .red, .bold)
        case .unknown: Line("?", .dim)
        }
    }
}
