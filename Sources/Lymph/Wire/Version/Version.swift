/// A version by the rules of Semantic Versioning 2.0.0: `1.5.0`, `2.0.0-rc.1`, `1.5.0+build.7`.
///
/// Build metadata counts in equality but not in precedence: `1.5.0+a` and `1.5.0` are different, and neither is less
/// than the other.
public struct Version: Sendable, Hashable {
    /// The number that changes with incompatible changes.
    public let major: Int

    /// The number that changes with compatible additions.
    public let minor: Int

    /// The number that changes with compatible corrections.
    public let patch: Int

    /// The identifiers after the hyphen; empty for a release.
    public let prerelease: [String]

    /// The identifiers after the plus sign.
    public let build: [String]

    /// The canonical text; a version has exactly one.
    public let description: String

    init(major: Int, minor: Int, patch: Int, prerelease: [String], build: [String], description: String) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.build = build
        self.description = description
    }

    /// Creates a release from its three numbers.
    ///
    /// - Precondition: None of them is negative.
    public init(_ major: Int, _ minor: Int = 0, _ patch: Int = 0) {
        precondition(major >= 0 && minor >= 0 && patch >= 0, "a version can't have negative numbers")
        self.init(
            major: major, minor: minor, patch: patch, prerelease: [], build: [],
            description: "\(major).\(minor).\(patch)")
    }

    /// Whether all parts are the same, build metadata included.
    public static func == (a: Version, b: Version) -> Bool { a.description == b.description }

    /// Hashes the text, which stands for all parts.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Version: LosslessStringConvertible, CustomStringConvertible {
    /// Creates a version from its full text, or returns nil for what ``init(validating:)`` refuses.
    public init?(_ description: String) {
        guard let parsed = try? Version(validating: description) else { return nil }
        self = parsed
    }
}

extension Version: ExpressibleByStringLiteral {
    /// Creates a version from a literal in source code.
    ///
    /// A literal that is not a semantic version is a programming error and stops the program with a message. Use
    /// ``init(validating:)`` for text from anywhere else.
    public init(stringLiteral: String) {
        do {
            self = try Version(validating: stringLiteral)
        } catch {
            preconditionFailure(error.description)
        }
    }
}

extension Version: Codable {
    /// Reads a version from its text.
    ///
    /// - Throws: `DecodingError` with the message of ``VersionError``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            self = try Version(validating: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
