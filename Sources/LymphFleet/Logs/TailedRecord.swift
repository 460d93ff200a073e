package import Lymph

/// A log record and its publisher.
package struct TailedRecord: Sendable {
    /// A process that publishes a log.
    package struct Publisher: Sendable, Hashable {
        /// The services for which its log is read.
        package let services: [String]
        package let endpoint: Endpoint

        package init(services: [String], endpoint: Endpoint) {
            self.services = services
            self.endpoint = endpoint
        }
    }

    package let record: LogRecord
    /// Nil if it has gone in the meantime.
    package let publisher: Publisher?

    package init(record: LogRecord, publisher: Publisher?) {
        self.record = record
        self.publisher = publisher
    }

    /// The document for programs: the parts of the line, and its origin.
    package var json: JSON {
        let parts = record.parts
        return [
            "services": .array((publisher?.services ?? []).map(JSON.string)),
            "endpoint": .optional(publisher?.endpoint.description),
            "log_endpoint": .string(record.source),
            "level": .string(record.level.rawValue),
            "time": .optional(parts.time),
            "logger": .optional(parts.logger),
            "message": .string(parts.message),
            "trace_id": .optional(parts.traceID),
        ]
    }
}
