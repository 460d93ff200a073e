package import Lymph

/// A record of a log, and who has published it.
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
    /// Nil if it has gone meanwhile.
    package let publisher: Publisher?

    package init(record: LogRecord, publisher: Publisher?) {
        self.record = record
        self.publisher = publisher
    }

    /// For a program: the parts, and where they come from.
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
