/// A registry that could not do what it was asked for.
public struct RegistryError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind { case registrationFailure, lookupFailure, unavailable, invalidName }

        private let kind: Kind

        /// The instance was not published.
        public static let registrationFailure = Code(kind: .registrationFailure)
        /// Nobody was ever registered under the name; the name is probably misspelled.
        public static let lookupFailure = Code(kind: .lookupFailure)
        /// The registry itself cannot be used: no connection, no permission, no resources.
        public static let unavailable = Code(kind: .unavailable)
        /// The name cannot be the name of a service.
        public static let invalidName = Code(kind: .invalidName)

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// What kind of failure it is.
    public var code: Code

    /// What happened and what to do about it, for a person.
    public var message: String

    /// The error underneath, if there was one.
    public var cause: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code, the message and the cause.
    public var description: String { "\(code): \(explanation)" }

    /// The message and the cause, for a person.
    package var explanation: String {
        guard let cause else { return message }
        // Some messages contain it.
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
    /// The error for a name that nobody was ever registered under.
    ///
    /// - Parameters:
    ///   - known: The names that could have been meant.
    ///   - place: Where they are, for a person; nil if there is but one place.
    ///   - remark: What else there is to say.
    package static func unknown(
        _ service: String, among known: some Sequence<String>, in place: String? = nil, remark: String? = nil
    ) -> RegistryError {
        let near = NearNames.of(service, among: known).map { "\"\($0)\"" }
        let location = place.map { " in \($0)" } ?? ""
        let more = remark.map { "; \($0)" } ?? ""
        // A question ends the text.
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        return RegistryError(
            .lookupFailure, "no service was ever registered as \"\(service)\"\(location)\(more)\(hint)".visible)
    }
}
