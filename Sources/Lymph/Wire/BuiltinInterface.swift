/// The interface `lymph` that every service has.
///
/// It is answered by the poller itself, whatever the service's own methods do, and whatever version is asked for: a service
/// that is busy is still alive.
package enum BuiltinInterface {
    /// Its name: every process is registered under it, too.
    package static let name = "lymph"

    /// Whether it is this interface, whatever version stands behind the name.
    package static func isName(_ interface: some StringProtocol) -> Bool { interface.prefix { $0 != "@" } == name }

    /// A method of the interface.
    package enum Method: String, CaseIterable {
        case ping, status, inspect
        case getMetrics = "get_metrics"
        case changeLogLevel = "change_loglevel"

        /// What a request for it has as its subject.
        package var subject: String { BuiltinInterface.prefix + rawValue }
    }

    private static let prefix = name + "."

    /// Whether a subject names a method of this interface, or would if there were such a one.
    static func isSubject(_ subject: String) -> Bool { subject.hasPrefix(prefix) }

    /// What a subject asks for.
    enum Subject {
        case method(Method)
        case unknown
    }

    /// The method of a request, or nil if it is for another interface.
    static func method(of subject: String) -> Subject? {
        guard subject.hasPrefix(prefix), !subject.utf8.dropFirst(6).contains(UInt8(ascii: ".")) else { return nil }
        return Method(rawValue: String(subject.dropFirst(6))).map(Subject.method) ?? .unknown
    }
}
