import Glibc
import Lymph

/// Prints calls and what became of them; in colour on a terminal.
struct Transcript: Sendable {
    private let isColoured = isatty(STDOUT_FILENO) != 0 && getenv("NO_COLOR") == nil

    func title(_ text: String) {
        print("\n\(style(text, "1"))")
    }

    /// Runs a step and prints its result, or the error that it ended with.
    nonisolated(nonsending) func step<R: Sendable>(
        _ code: String, _ body: nonisolated(nonsending) () async throws -> R
    ) async throws {
        print("  \(code)")
        let clock = ContinuousClock()
        let start = clock.now
        let result: String
        do {
            result = "→ \(style("\(try await body())", "32"))"
        } catch let error as RemoteError {
            result = "✗ \(style("RemoteError", "31")) \(error)"
        } catch let error as LymphError {
            result = "✗ \(style("LymphError", "31")) \(error)"
        }
        print("    \(result)  \(style(milliseconds(clock.now - start), "2"))")
    }

    private func milliseconds(_ time: Duration) -> String {
        let microseconds = time / .microseconds(1)
        return "\((microseconds / 100).rounded() / 10) ms"
    }

    private func style(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
