internal import Lymph
internal import LymphService

/// Why a command fails: the message for people, and the exit code.
struct Failure: Error, Equatable, Sendable {
    var status: ExitStatus

    /// One line without a period: what went wrong. Nil ends the command silently.
    let message: String?

    /// Further lines below the message, such as the position in a text.
    var details: [String] = []

    /// What to try, in one sentence.
    var advice: String?

    /// Where an article says more.
    var section: TroubleshootingSection?

    init(
        _ status: ExitStatus, _ message: String, details: [String] = [], advice: String? = nil,
        section: TroubleshootingSection? = nil
    ) {
        self.status = status
        self.message = message
        self.details = details
        self.advice = advice
        self.section = section
    }

    private init(quietly status: ExitStatus) {
        self.status = status
        message = nil
    }

    /// Ends the command with a status, after it has already printed everything.
    static func quietly(_ status: ExitStatus) -> Failure { Failure(quietly: status) }

    /// The output on standard error: the message and the advice on the first line, then the details, and the article.
    var lines: [Line] {
        guard let message else { return [] }
        var line: Line = "\("lymph:", .red, .bold) \(message)"
        if let advice { line += (message.hasSuffix("?") ? " " : "; ") + Line(advice) }
        return [line] + details.map { Line($0) } + [section].compactMap(\.self).map { Line("  " + $0.reference, .dim) }
    }
}
