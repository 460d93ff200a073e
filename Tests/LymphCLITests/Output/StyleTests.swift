import LymphFleet
import LymphService
import Testing

@testable import LymphCLI

struct StyleTests {
    @Test func paints() {
        #expect(Line("a", .red, .bold).text(Style(isColored: true)) == "\u{1b}[31;1ma\u{1b}[0m")
        #expect(Line("a", .red).text(Style(isColored: false)) == "a")
    }

    @Test func failuresAreOneLineWithTheirAdvice() {
        #expect(Failure(.usage, "no", advice: "try").lines.plain == ["lymph: no; try"])
        #expect(Failure(.usage, "no?", advice: "try").lines.plain == ["lymph: no? try"])
        #expect(Failure(.usage, "a\u{1b}[0m", details: ["x"]).lines.plain == ["lymph: a\\u{1b}[0m", "x"])
        #expect(Failure.quietly(.usage).lines.isEmpty)
    }

    @Test func exitCodesAreDistinctAndNamed() {
        #expect(ExitStatus.allCases.allSatisfy { $0.meaning.count < 73 })
        #expect(Set(ExitStatus.ofCommands.map(\.meaning)).count == ExitStatus.ofCommands.count)
        let kinds = FailureKind.allCases.map { ExitStatus($0) }
        #expect(Set(kinds).count == kinds.count)
        // The code of many requests, that of the most frequent failure, must not depend on the order of the kinds.
        #expect(kinds.map(\.rawValue) == kinds.map(\.rawValue).sorted())
        #expect(!ExitStatus.table().contains("listen on"))
    }
}
