import Testing

/// Returns as soon as `condition` holds; fails the test if that takes too long.
///
/// For events in other processes, which can only be observed by polling.
func eventually(
    within time: Duration = .seconds(10), every interval: Duration = .milliseconds(20),
    _ comment: @autoclosure () -> Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + time
    while try await !condition() {
        try #require(.now < deadline, comment(), sourceLocation: sourceLocation)
        try await Task.sleep(for: interval)
    }
}
