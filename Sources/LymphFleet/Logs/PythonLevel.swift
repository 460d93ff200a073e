internal import Logging
internal import Lymph
internal import MessagePack

/// The levels of Python's logging, which the fleet's log protocol uses.
package enum PythonLevel: String, CaseIterable, Sendable, Comparable {
    case debug = "DEBUG"
    case info = "INFO"
    case warning = "WARNING"
    case error = "ERROR"
    case critical = "CRITICAL"

    /// Reads a level in any case. `warn`, `fatal`, and levels that only Swift has, are mapped to the nearest level.
    package init?(named text: String) {
        guard let level = Logger.Level(lymph: .string(text)) else { return nil }
        self.init(rawValue: level.pythonName)
    }

    /// This level and all more severe ones.
    package var andAbove: [PythonLevel] { Self.allCases.filter { $0 >= self } }

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
