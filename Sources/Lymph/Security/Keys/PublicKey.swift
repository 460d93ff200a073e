internal import ZeroMQ

/// The public key of a peer, which is its identity: 32 bytes, written as 40 characters of Z85, as pyzmq and czmq do.
public struct PublicKey: Sendable, Hashable {
    // In memory as the bytes are in the key.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes of a key; nil for any other number.
    package init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Curve.keyBytes else { return nil }
        let word = { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Reads the 40 characters of a key; nil for anything else.
    package init?(text: UnsafeRawBufferPointer) {
        guard let key = try? Self(decoding: text) else { return nil }
        self = key
    }

    /// Reads the 40 characters of a key.
    ///
    /// - Throws: ``KeyError`` that says what is wrong.
    public init(validating text: String) throws(KeyError) {
        do throws(Z85.Mistake) {
            self = try text.utf8.span.withUnsafeBytes { utf8 throws(Z85.Mistake) in try Self(decoding: utf8) }
        } catch {
            throw KeyError(describing: error, in: text)
        }
    }

    private init(decoding text: UnsafeRawBufferPointer) throws(Z85.Mistake) {
        guard text.count == Curve.keyCharacters else { throw .length }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        try Swift.withUnsafeMutableBytes(of: &words) { bytes throws(Z85.Mistake) in
            try Z85.decode(text, into: bytes)
        }
        self.words = words
    }

    /// Calls `body` with the 32 bytes. They must not escape it.
    package func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// Compares the bytes.
    public static func == (a: PublicKey, b: PublicKey) -> Bool { a.words == b.words }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension PublicKey: Comparable {
    /// Whether the bytes of `a` come before those of `b`.
    public static func < (a: PublicKey, b: PublicKey) -> Bool { a.ordered < b.ordered }

    private var ordered: (UInt64, UInt64, UInt64, UInt64) {
        (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }
}

extension PublicKey: LosslessStringConvertible {
    /// Reads the 40 characters of a key; nil for anything else.
    public init?(_ description: String) {
        guard let key = description.utf8.span.withUnsafeBytes({ Self(text: $0) }) else { return nil }
        self = key
    }

    /// The 40 characters.
    public var description: String { withUnsafeBytes { Z85.encode($0) } }
}

extension PublicKey: Codable {
    /// Reads the 40 characters.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(KeyError) {
            self = try Self(validating: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the 40 characters.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension KeyError {
    /// The error about a text that is not a key.
    init(describing mistake: Z85.Mistake, in text: String) {
        self.init(
            Self.message(mistake, text), allowed: "40 characters of Z85: letters, digits and .-:+=^!/*?&<>()[]{}@%$#")
    }

    private static func message(_ mistake: Z85.Mistake, _ text: String) -> String {
        let foreign = text.enumerated().first { !Z85.alphabet.contains($0.element) }
        switch (mistake, foreign) {
        case (.length, _) where text.isEmpty: return "the key is empty"
        case (.length, _) where text.count != Curve.keyCharacters:
            return "the key has \(text.count) character\(text.count == 1 ? "" : "s")"
        case (_, let foreign?): return "character \(foreign.offset + 1) of the key is \"\(foreign.element)\""
        case (.group(let offset), _):
            return "characters \(offset + 1) to \(offset + 5) of the key are no number of four bytes"
        default: return "the key can't be read"
        }
    }
}
