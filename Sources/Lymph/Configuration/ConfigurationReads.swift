internal import ZeroMQ

/// The keys of a map that a program has asked for, whether or not they are there.
package final class ConfigurationReads: Sendable {
    private let keys = Lock<Set<String>>([])

    package init() {}

    func note(_ key: String) { keys.withLock { _ = $0.insert(key) } }

    /// One line for each key of a map that nobody has asked for, and that is a misspelt form of one that is missing.
    ///
    /// - Parameter others: Keys that somebody else reads.
    package func misspellings(in configuration: Configuration, except others: [String] = []) -> [String] {
        let asked = keys.withLock(\.self)
        let missing = asked.filter { configuration.node[$0] == nil }
        return configuration.children.compactMap { key, part in
            guard !asked.contains(key), !others.contains(key), let near = NearNames.of(key, among: missing).first else {
                return nil
            }
            return "\(part.origin): \(part.path): nobody reads this; did you mean \(near)?".visible
        }
    }
}

extension Configuration {
    /// The same configuration, which notes what is asked for at its top.
    package func noting(_ reads: ConfigurationReads) -> Configuration {
        var copy = self
        copy.reads = reads
        return copy
    }
}
