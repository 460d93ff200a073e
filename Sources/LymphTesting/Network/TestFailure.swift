/// Why a test fails, for people. Thrown out of a test, it fails it in Swift Testing and in XCTest.
public struct TestFailure: Error, Sendable, CustomStringConvertible {
    /// What went wrong, one text for each thing.
    public let problems: [String]

    /// The error that the test itself threw, if there were problems besides.
    public let cause: (any Error)?

    init(_ problem: String) { self.init([problem]) }

    init(_ problems: [String], after cause: (any Error)? = nil) {
        self.problems = problems
        self.cause = cause
    }

    /// The test's own error, then the problems.
    public var description: String {
        let all = (cause.map { ["\($0)"] } ?? []) + problems
        return all.joined(separator: "\n")
    }
}
