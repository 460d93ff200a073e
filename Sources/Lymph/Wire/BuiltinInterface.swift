/// The interface `lymph`, which every service has.
///
/// The poller itself answers it, whatever the service's own methods do and whatever version is asked for: a busy
/// service is still alive.
package enum BuiltinInterface {
    /// Its name. Every process is registered under it, too.
    package static let name = "lymph"

    /// Whether `interface` is this interface, with or without a version.
    package static func isName(_ interface: some StringProtocol) -> Bool { interface.prefix { $0 != "@" } == name }

    /// A method of the interface.
    package enum Method: String, CaseIterable {
        case ping, status, inspect
        case getMetrics = "get_metrics"
        case changeLogLevel = "change_loglevel"

        /// The subject of a request for the method.
        package var subject: String { BuiltinInterface.prefix + rawValue }
    }

    private static let prefix = name + "."

    /// Whether a subject belongs to this interface, even if it has no such method.
    package static func isSubject(_ subject: String) -> Bool { subject.hasPrefix(prefix) }

    /// What a subject asks for.
    enum Subject {
        case method(Method)
        case unknown
    }

    /// The method that a subject asks for, or nil if the subject belongs to another interface.
    static func method(of subject: String) -> Subject? {
        guard subject.hasPrefix(prefix), !subject.utf8.dropFirst(6).contains(UInt8(ascii: ".")) else { return nil }
        return Method(rawValue: String(subject.dropFirst(6))).map(Subject.method) ?? .unknown
    }
}
