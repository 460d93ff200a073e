internal import MessagePack

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

extension String {
    /// The text as it is written down: what a stranger sent may be of any length.
    var shortened: String {
        utf8.count <= 500 ? self : prefix(bytes: 400) + "… (\(utf8.count) bytes)"
    }
}
