/// What is wrong with an access policy. The description has one line for each mistake.
public struct AccessPolicyError: Error, Sendable, Hashable {
    /// One mistake.
    public struct Problem: Sendable, Hashable {
        /// The name of the member it is about, if it is about one.
        public var member: String?

        /// What is wrong.
        public var message: String

        /// What is allowed.
        public var allowed: String?

        /// Where it is, for whoever knows what the members were made of.
        package var place: Place?
    }

    /// A part of a policy.
    package struct Place: Sendable, Hashable {
        package enum Field: String, Sendable { case keys, may, from, plain }

        /// The number of the member.
        package var member: Int
        /// Nil if it is about the member as a whole.
        package var field: Field?
        /// The number of the element in the field.
        package var element: Int?
    }

    /// All mistakes, at least one.
    public let problems: [Problem]

    package init(problems: [Problem]) { self.problems = problems }

    /// An error about a text.
    init(_ message: String, allowed: String) {
        problems = [Problem(message: message, allowed: allowed)]
    }
}

extension AccessPolicyError: CustomStringConvertible {
    /// One line for each mistake.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension AccessPolicyError.Problem: CustomStringConvertible {
    /// The mistake on one line: whose, what is wrong, what is allowed.
    public var description: String {
        let text = [member, message].compactMap(\.self).joined(separator: ": ")
        return (text + (allowed.map { "; allowed: \($0)" } ?? "")).visible
    }
}
