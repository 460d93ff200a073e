internal import MessagePack

/// Text that is not a semantic ``Version``, and why.
public struct VersionError: Error, Hashable, CustomStringConvertible {
    /// The text that was refused.
    public let text: String

    /// What is wrong with it.
    public let reason: String

    /// The message, for people.
    public var description: String {
        "\"\(text.prefix(bytes: 100))\" is not a semantic version such as 1.5.0 or 2.0.0-rc.1: \(reason)"
    }
}

extension Version {
    /// The maximum length of a version, in bytes.
    static let longestText = 255

    /// Creates a version from its full text: all three numbers, then pre-release and build identifiers if any.
    ///
    /// - Throws: ``VersionError`` that says what is wrong. Short forms such as `1.5` are refused, too; use
    ///   ``init(coercing:)`` for those.
    public init(validating text: String) throws(VersionError) {
        let fail = { (reason: String) in VersionError(text: text, reason: reason) }
        guard text.utf8.count <= Self.longestText else { throw fail("it has more than \(Self.longestText) characters") }
        let (rest, buildText) = Self.cut(text[...], at: "+")
        let (core, prereleaseText) = Self.cut(rest, at: "-")

        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw fail("a version has three numbers, MAJOR.MINOR.PATCH") }
        var numbers: [Int] = []
        for part in parts {
            guard Self.isNumeric(part.utf8) else { throw fail("\"\(part)\" is not a number") }
            guard !Self.hasLeadingZero(part.utf8) else { throw fail("\"\(part)\" has a leading zero") }
            // `Int.max` is excluded, so that there always is a next number.
            guard let number = Int(part), number < Int.max else { throw fail("\"\(part)\" is too large") }
            numbers.append(number)
        }
        let prerelease = try Self.identifiers(prereleaseText, of: text)
        if let padded = prerelease.first(where: { Self.isNumeric($0.utf8) && Self.hasLeadingZero($0.utf8) }) {
            throw fail("the pre-release identifier \"\(padded)\" has a leading zero")
        }
        self.init(
            major: numbers[0], minor: numbers[1], patch: numbers[2], prerelease: prerelease,
            build: try Self.identifiers(buildText, of: text), description: text)
    }

    private static func cut(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
        guard let index = text.utf8.firstIndex(of: separator.asciiValue ?? 0) else { return (text, nil) }
        return (text[..<index], text[text.utf8.index(after: index)...])
    }

    private static func identifiers(_ list: Substring?, of text: String) throws(VersionError) -> [String] {
        guard let list else { return [] }
        let parts = list.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        var identifiers: [String] = []
        for part in parts {
            guard !part.isEmpty else { throw VersionError(text: text, reason: "an identifier is empty") }
            guard part.allSatisfy(isIdentifierByte) else {
                throw VersionError(text: text, reason: "identifiers have only ASCII letters, digits and hyphens")
            }
            identifiers.append(String(decoding: part, as: UTF8.self))
        }
        return identifiers
    }

    private static func hasLeadingZero(_ text: some Collection<UInt8>) -> Bool {
        text.count > 1 && text.first == UInt8(ascii: "0")
    }

    static func isNumeric(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
