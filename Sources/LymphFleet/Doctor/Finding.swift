package import Lymph

/// The result of one check.
package struct Finding: Equatable, Sendable {
    package enum Verdict: String, Sendable {
        case fine
        case warning
        case problem
        /// The check could not be done.
        case unknown
    }

    /// What was checked, in a word.
    package let check: String
    package let verdict: Verdict
    /// What was found.
    package let message: String
    /// What to do about it.
    package var advice: String?

    package init(check: String, verdict: Verdict, message: String, advice: String? = nil) {
        self.check = check
        self.verdict = verdict
        self.message = message
        self.advice = advice
    }

    package var json: JSON {
        [
            "check": .string(check), "verdict": .string(verdict.rawValue), "message": .string(message),
            "advice": .optional(advice),
        ]
    }
}

/// All findings.
package struct Diagnosis: Equatable, Sendable {
    package var findings: [Finding]

    package init(findings: [Finding] = []) { self.findings = findings }

    package var hasProblems: Bool { findings.contains { $0.verdict == .problem } }

    package var json: JSON {
        ["ok": .bool(!hasProblems), "findings": .array(findings.map(\.json))]
    }
}
