internal import ArgumentParser

/// The levels of Python's logging, which is what fleets speak.
enum PythonLevel: String, CaseIterable, Sendable, Comparable, ExpressibleByArgument {
    case debug = "DEBUG"
    case info = "INFO"
    case warning = "WARNING"
    case error = "ERROR"
    case critical = "CRITICAL"

    /// Reads a level in any case; `warn`, `fatal`, and the levels that only Swift has, count as their neighbours.
    init?(argument: String) {
        let name = argument.uppercased()
        let synonyms = ["TRACE": "DEBUG", "NOTICE": "INFO", "WARN": "WARNING", "FATAL": "CRITICAL"]
        self.init(rawValue: synonyms[name] ?? name)
    }

    /// This level and all that are more severe.
    var andAbove: [PythonLevel] { Self.allCases.filter { $0 >= self } }

    static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
