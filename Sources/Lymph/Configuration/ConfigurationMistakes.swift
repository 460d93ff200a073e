/// Collects the mistakes in a configuration, so that all of them can be reported at once.
package struct ConfigurationMistakes: Sendable {
    /// The mistakes without duplicates, in the order in which they were found.
    package private(set) var problems: [ConfigurationError.Problem] = []

    package init() {}

    package var isEmpty: Bool { problems.isEmpty }

    /// Makes the error with all mistakes; those in one file are ordered by line.
    package func makeError() -> ConfigurationError {
        let files = problems.map(\.file)
        let places = problems.enumerated().map { index, problem in
            (file: files.firstIndex(of: problem.file) ?? 0, line: problem.line ?? 0, index: index)
        }
        return ConfigurationError(problems: places.sorted(by: <).map { problems[$0.index] })
    }

    package mutating func add(_ error: ConfigurationError) {
        for problem in error.problems where !problems.contains(problem) { problems.append(problem) }
    }

    package mutating func add(_ others: ConfigurationMistakes) {
        add(ConfigurationError(problems: others.problems))
    }

    /// Adds mistakes found by a later check, except those about values that are already known to be wrong.
    package mutating func add(consequences others: ConfigurationMistakes) {
        let known = problems
        let news = others.problems.filter { problem in !known.contains { $0.explains(problem) } }
        add(ConfigurationError(problems: news))
    }

    /// Runs `body`. If it throws, its mistakes are added and the result is nil.
    @discardableResult
    package mutating func attempt<R>(_ body: () throws(ConfigurationError) -> R) -> R? {
        do throws(ConfigurationError) {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// - Throws: All collected mistakes, if there are any.
    package func check() throws(ConfigurationError) {
        if !isEmpty { throw makeError() }
    }
}

extension ConfigurationError.Problem {
    /// Whether the other problem is only a consequence: it is about the same value, or about a part of it.
    fileprivate func explains(_ other: Self) -> Bool {
        guard !keyPath.isEmpty, (file, line, source) == (other.file, other.line, other.source) else { return false }
        // If a section was moved, the end of its path still identifies it.
        return other.keyPath == keyPath || other.keyPath.hasPrefix("\(keyPath).")
            || other.keyPath.hasSuffix(".\(keyPath)")
    }
}
