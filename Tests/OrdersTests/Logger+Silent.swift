import Logging

extension Logger {
    /// A logger for tests that provoke errors.
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
