internal import ArgumentParser
internal import Logging
internal import Lymph
internal import MessagePack

/// A log level as an option: Python's and Swift's names, in any case.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init?(argument: String) {
        guard let level = Logger.Level(lymph: .string(argument)) else { return nil }
        self.level = level
    }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}
