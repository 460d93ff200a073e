package import Logging
internal import ZeroMQ

/// Records log lines as `level: message`.
package final class LogRecords: Sendable {
    private let records = Lock<[String]>([])

    package init() {}

    package var all: [String] { records.withLock(\.self) }

    package var logger: Logger { Logger(label: "test") { _ in Handler(records: self) } }

    private struct Handler: LogHandler {
        let records: LogRecords
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            records.records.withLock { $0.append("\(event.level): \(event.message)") }
        }
    }
}
