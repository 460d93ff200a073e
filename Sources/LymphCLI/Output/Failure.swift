internal import LymphService

/// Why a command ends, as a person reads it and as the exit code says it.
struct Failure: Error, Equatable, Sendable {
    var status: ExitStatus

    /// One line without a period: what went wrong. Nil ends the command without a word.
    let message: String?

    /// Lines that belong below the message, such as the place in a text.
    var details: [String] = []

    /// What to try, in one sentence.
    var advice: String?

    init(_ status: ExitStatus, _ message: String, details: [String] = [], advice: String? = nil) {
        self.status = status
        self.message = message
        self.details = details
        self.advice = advice
    }

    private init(quietly status: ExitStatus) {
        self.status = status
        message = nil
    }

    /// Ends the command with a status, after it has said itself what there is to say.
    static func quietly(_ status: ExitStatus) -> Failure { Failure(quietly: status) }

    /// What standard error gets: the message and the advice on the first line, then the details.
    var lines: [Line] {
        guard let message else { return [] }
        var line: Line = "\("lymph:", .red, .bold) \(message)"
        if let advice { line += (message.hasSuffix("?") ? " " : "; ") + Line(advice) }
        return [line] + details.map { Line($0) }
    }
}
