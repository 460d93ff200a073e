/// A service's name, optionally with the version that is offered or requested: `echo`, `echo@1.5.0`.
package struct VersionedName: Sendable, Hashable {
    /// The part before the first `@`.
    package var name: String

    /// The part after it, or nil if there is no `@`.
    package var version: Version?

    /// Reads `name` or `name@version`. The version may be abbreviated, as in Python lymph: `echo@1` is `echo@1.0.0`.
    ///
    /// Returns nil if there is an `@` that is not followed by a version.
    package init?(_ text: String) {
        guard let at = text.firstIndex(of: "@") else {
            name = text
            return
        }
        guard let version = Version(coercing: String(text[text.index(after: at)...])) else { return nil }
        name = String(text[..<at])
        self.version = version
    }

    /// Joins a name and its version.
    package init(_ name: String, _ version: Version?) {
        self.name = name
        self.version = version
    }
}

extension VersionedName: CustomStringConvertible {
    package var description: String { version.map { "\(name)@\($0)" } ?? name }
}
