internal import ArgumentParser
internal import Logging

/// A log level as an option: Python's names and Swift's, in any case.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init?(argument: String) {
        let name = argument.lowercased()
        let synonyms = ["warn": Logger.Level.warning, "fatal": .critical]
        guard let level = synonyms[name] ?? Logger.Level(rawValue: name) else { return nil }
        self.level = level
    }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}
