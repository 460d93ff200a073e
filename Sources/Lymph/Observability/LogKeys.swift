/// The metadata keys of log lines.
package enum LogKey {
    package static let endpoint = "lymph.endpoint"
    package static let error = "lymph.error"
    package static let interface = "lymph.interface"
    package static let method = "lymph.method"
    package static let peer = "lymph.peer"
    package static let reason = "lymph.reason"
    package static let service = "lymph.service"
    package static let traceID = "lymph.trace_id"
    package static let version = "lymph.version"

    /// The key without the prefix `lymph.`, for people.
    package static func short(_ key: String) -> String { key.hasPrefix("lymph.") ? String(key.dropFirst(6)) : key }
}
