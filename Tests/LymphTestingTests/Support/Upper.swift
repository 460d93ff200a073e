import Logging
import Lymph

/// A service with one method.
actor Upper: Interface {
    static let routes = Routes<Upper> {
        RPC("upper", "text") { (_, text: String) in text.uppercased() }
    }
}

extension Logger {
    /// A logger for tests that provoke warnings.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
