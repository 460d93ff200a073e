/// Why a registry could not do what it was asked to.
public struct RegistryError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure. More kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind { case registrationFailure, lookupFailure, unavailable, invalidName }

        private let kind: Kind

        /// The instance was not published.
        public static let registrationFailure = Code(kind: .registrationFailure)
        /// Nothing was ever registered under the name; the name is probably misspelled.
        public static let lookupFailure = Code(kind: .lookupFailure)
        /// The registry itself cannot be used: no connection, no permission, no resources.
        public static let unavailable = Code(kind: .unavailable)
        /// The name cannot be the name of a service.
        public static let invalidName = Code(kind: .invalidName)

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of failure.
    public var code: Code

    /// What happened and what to do about it, for people.
    public var message: String

    /// The underlying error, if any.
    public var cause: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code, the message and the cause.
    public var description: String { "\(code): \(explanation)" }

    /// The message and the cause, for people.
    package var explanation: String {
        guard let cause else { return message }
        // Some messages already contain the reason.
        let reason = (cause as? SystemError)?.reason ?? "\(cause)"
        return message.contains(reason) ? message : "\(message) (\(cause))"
    }
}

extension RegistryError: Equatable {
    /// Compares codes and messages; causes do not count.
    public static func == (a: RegistryError, b: RegistryError) -> Bool {
        a.code == b.code && a.message == b.message
    }
}

extension RegistryError {
    /// The error for a name under which nothing was ever registered.
    ///
    /// - Parameters:
    ///   - known: The names that may have been meant.
    ///   - place: Where these names are registered, for people; nil if there is only one place.
    ///   - remark: An additional remark.
    package static func unknown(
        _ service: String, among known: some Sequence<String>, in place: String? = nil, remark: String? = nil
    ) -> RegistryError {
        let near = (meant(by: service, among: known).map { [$0] } ?? NearNames.of(service, among: known))
            .map { "\"\($0)\"" }
        let location = place.map { " in \($0)" } ?? ""
        let more = remark.map { "; \($0)" } ?? ""
        // Comes last, because it ends with a question mark.
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        return RegistryError(
            .lookupFailure, "no service was ever registered as \"\(service)\"\(location)\(more)\(hint)".visible)
    }
    /// The address or the service in a text that has a form of its own: `host:port`, or `service.method`.
    private static func meant(by text: String, among known: some Sequence<String>) -> String? {
        let parts = text.split(separator: ":")
        if parts.count == 2, UInt16(parts[1]) != nil { return "tcp://" + text }
        return known.filter { text.hasPrefix($0 + ".") }.max { $0.utf8.count < $1.utf8.count }
    }
}

extension RegistryError: ExplainedError {
    package var section: TroubleshootingSection {
        [.lookupFailure, .invalidName].contains(code) ? .unknownService : .registry
    }
}

extension RegistryError: CustomDebugStringConvertible {
    /// The description, and the section of <doc:Troubleshooting> about the error.
    public var debugDescription: String { section.appended(to: description) }
}
