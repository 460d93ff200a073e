/// Collects what is wrong with a configuration, so that a person learns of all of it at once.
package struct ConfigurationMistakes: Sendable {
    /// Each mistake once, in the order in which they were found.
    package private(set) var problems: [ConfigurationError.Problem] = []

    package init() {}

    package var isEmpty: Bool { problems.isEmpty }

    /// All of them, those of one file in the order of its lines.
    package var error: ConfigurationError {
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

    /// Adds what was found after these in the same places, except where a value is known to be wrong already.
    package mutating func add(consequences others: ConfigurationMistakes) {
        let known = problems
        let news = others.problems.filter { problem in !known.contains { $0.explains(problem) } }
        add(ConfigurationError(problems: news))
    }

    /// Runs `body`; what it throws is added, and the result nil.
    @discardableResult
    package mutating func attempt<R>(_ body: () throws(ConfigurationError) -> R) -> R? {
        do throws(ConfigurationError) {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// - Throws: All that was added, if there is anything.
    package func check() throws(ConfigurationError) {
        if !isEmpty { throw error }
    }
}

extension ConfigurationError.Problem {
    /// Whether another problem is only that the value here, or what it belongs to, is wrong.
    fileprivate func explains(_ other: Self) -> Bool {
        guard !keyPath.isEmpty, (file, line, source) == (other.file, other.line, other.source) else { return false }
        // A section that has moved is known by the end of its path.
        return other.keyPath == keyPath || other.keyPath.hasPrefix("\(keyPath).")
            || other.keyPath.hasSuffix(".\(keyPath)")
    }
}
