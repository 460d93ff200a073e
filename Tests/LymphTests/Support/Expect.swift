import Lymph
import Testing

/// Expects a ``LymphError`` of a code, with `text` in its message.
func expect(
    _ code: LymphError.Code, _ text: String = "", sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> some Sendable
) async {
    do {
        _ = try await body()
        Issue.record("expected \(code), nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as LymphError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(text.isEmpty || error.message.contains(text), "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("expected \(code), got \(error)", sourceLocation: sourceLocation)
    }
}

/// Waits for a task that may throw anything.
func finish(_ task: Task<some Sendable, any Error>) async {
    _ = try? await task.value
}
