/// The names of the structured values in log lines.
enum LogKey {
    static let endpoint = "lymph.endpoint"
    static let error = "lymph.error"
    static let interface = "lymph.interface"
    static let method = "lymph.method"
    static let peer = "lymph.peer"
    static let reason = "lymph.reason"
    static let service = "lymph.service"
    static let traceID = "lymph.trace_id"
    static let version = "lymph.version"
}
