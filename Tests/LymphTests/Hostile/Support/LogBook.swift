import Logging
import ZeroMQ

/// Keeps what is logged.
final class LogBook: Sendable {
    struct Line: Sendable {
        let message: String
        let metadata: [String: String]

        /// How many bytes a person would have to read.
        var size: Int { metadata.reduce(message.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count } }
    }

    private let kept = Lock<[Line]>([])

    /// A logger that writes here, down to the lowest level.
    var logger: Logger { Logger(label: "hostile") { _ in Handler(book: self) } }

    var lines: [Line] { kept.withLock { $0 } }

    /// How many lines there are.
    var count: Int { kept.withLock { $0.count } }

    /// The lines after the first `count`.
    func lines(after count: Int) -> [Line] { kept.withLock { Array($0.dropFirst(count)) } }

    private struct Handler: LogHandler {
        let book: LogBook
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = Line(
                message: "\(event.message)", metadata: (event.metadata ?? [:]).mapValues { "\($0)" })
            book.kept.withLock { $0.append(line) }
        }
    }
}

extension [LogBook.Line] {
    /// How many lines begin with a text, including those that were only summed up: `dropped a message: 20 more in 1 s`.
    func total(_ text: String) -> Int {
        filter { $0.message.hasPrefix(text) }.reduce(0) { total, line in
            let words = line.message.split(separator: " ")
            guard let more = words.firstIndex(of: "more"), let count = Int(words[more - 1]) else { return total + 1 }
            return total + count
        }
    }
}
