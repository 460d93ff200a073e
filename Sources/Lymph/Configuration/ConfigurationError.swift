/// What is wrong with a configuration. The description has one line for each mistake.
public struct ConfigurationError: Error, Sendable, Hashable {
    /// One mistake.
    public struct Problem: Sendable, Hashable {
        /// The file, if the value was written in one.
        public var file: String?

        /// The line in the file, from 1.
        public var line: Int?

        /// The column in the line, from 1. Only set for invalid YAML.
        public var column: Int?

        /// Where a value that is not from a file comes from: an environment variable, an option.
        public var source: String?

        /// The keys from the top to the value, joined by dots.
        public var keyPath: String

        /// What is wrong, and what was found.
        public var message: String

        /// What is allowed there.
        public var allowed: String?

        /// The known names that the wrong one may have meant, nearest first.
        public var nearest: [String]

        /// Creates the description of a mistake.
        public init(
            file: String? = nil, line: Int? = nil, column: Int? = nil, source: String? = nil, keyPath: String = "",
            message: String, allowed: String? = nil, nearest: [String] = []
        ) {
            self.file = file
            self.line = line
            self.column = column
            self.source = source
            self.keyPath = keyPath
            self.message = message
            self.allowed = allowed
            self.nearest = nearest
        }
    }

    /// All mistakes, at least one.
    public var problems: [Problem]

    /// Creates an error with several mistakes.
    public init(problems: [Problem]) {
        self.problems = problems
    }

    /// Creates an error with one mistake.
    public init(_ problem: Problem) {
        problems = [problem]
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// One line for each mistake.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension ConfigurationError.Problem: CustomStringConvertible {
    /// The mistake on one line: place, key path, what was found, what is allowed, what may have been meant.
    public var description: String {
        let place = file.map { ([$0] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") }
        let head = [place ?? source, keyPath.isEmpty ? nil : keyPath].compactMap(\.self)
        var text = (head + [message]).joined(separator: ": ")
        if !nearest.isEmpty { text += "; did you mean \(nearest.joined(separator: " or "))?" }
        if let allowed { text += (nearest.isEmpty ? "; " : " ") + "allowed: \(allowed)" }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ").visible
    }
}

extension ConfigurationError {
    /// An error about the value at `origin`.
    package init(
        at origin: ConfigurationOrigin, _ keyPath: String, _ message: String, allowed: String? = nil,
        nearest: [String] = []
    ) {
        var problem = Problem(keyPath: keyPath, message: message, allowed: allowed, nearest: nearest)
        switch origin.source {
        case .file(let file, let line, _): (problem.file, problem.line) = (file, line)
        case .environment, .option: problem.source = ConfigurationOrigin(origin.source).description
        case .code, .builtin: break
        }
        self.init(problem)
    }

    /// An error about a name that is not one of the known names.
    package init(
        at origin: ConfigurationOrigin, _ keyPath: String, unknown message: String, _ name: String,
        among known: some Sequence<String>
    ) {
        let known = known.sorted()
        self.init(
            at: origin, keyPath, message, allowed: known.isEmpty ? nil : known.joined(separator: ", "),
            nearest: NearNames.of(name, among: known))
    }
}

extension ConfigurationError: ExplainedError {
    package var section: TroubleshootingSection { .configuration }
}

extension ConfigurationError: CustomDebugStringConvertible {
    /// The description, and the section of <doc:Troubleshooting> about configurations.
    public var debugDescription: String { section.appended(to: description) }
}
