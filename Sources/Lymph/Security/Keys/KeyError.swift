/// What is wrong with a key or with a file of keys. Never quotes a key: it might be the secret one.
public struct KeyError: Error, Sendable, Hashable {
    /// The file, if the key was read from one.
    public var path: String?

    /// The line in the file, from 1.
    public var line: Int?

    /// What is wrong.
    public var message: String

    /// What is allowed, or what to do.
    public var allowed: String?

    /// Creates an error.
    public init(_ message: String, path: String? = nil, line: Int? = nil, allowed: String? = nil) {
        self.path = path
        self.line = line
        self.message = message
        self.allowed = allowed
    }
}

extension KeyError: CustomStringConvertible {
    /// The mistake on one line: place, what is wrong, what is allowed.
    public var description: String {
        let place = path.map { ([$0] + [line].compactMap { $0.map(String.init) }).joined(separator: ":") }
        let text = [place, message].compactMap(\.self).joined(separator: ": ")
        return (text + (allowed.map { "; allowed: \($0)" } ?? "")).visible
    }
}
