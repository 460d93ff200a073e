/// An error in reading or writing MessagePack.
///
/// The message says what was found and what is allowed. `offset` and `codingPath` say where: readers know the byte
/// offset in the message, and `Codable` coders know the path of keys and indices.
public struct MessagePackError: Error, Sendable {
    /// The kind of failure; compare this, not the text.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case truncated, trailingBytes, invalidFormat, invalidUTF8, typeMismatch, outOfRange, valueMissing
            case keyMissing, malformedObject, naiveDatetime, depthExceeded, budgetExceeded, reservedKey
            case unhashable, unrepresentable, misuse
        }

        private let kind: Kind

        /// The bytes end before the value does, or a header promises more than the bytes left can hold.
        public static let truncated = Code(kind: .truncated)
        /// Bytes are left over after a complete value.
        public static let trailingBytes = Code(kind: .trailingBytes)
        /// The bytes use the one format the specification never assigns (0xc1), or a timestamp of an unknown shape.
        public static let invalidFormat = Code(kind: .invalidFormat)
        /// A string is not valid UTF-8.
        public static let invalidUTF8 = Code(kind: .invalidUTF8)
        /// The value is of another type than the one asked for.
        public static let typeMismatch = Code(kind: .typeMismatch)
        /// The number does not fit the type asked for.
        public static let outOfRange = Code(kind: .outOfRange)
        /// The value is nil, or there is none, where one is needed.
        public static let valueMissing = Code(kind: .valueMissing)
        /// The map lacks the key asked for.
        public static let keyMissing = Code(kind: .keyMissing)
        /// An object such as a date or a UUID has a text that cannot be read.
        public static let malformedObject = Code(kind: .malformedObject)
        /// A datetime without UTC offset was asked for as a point in time.
        public static let naiveDatetime = Code(kind: .naiveDatetime)
        /// Containers are nested deeper than the limit.
        public static let depthExceeded = Code(kind: .depthExceeded)
        /// The message has more elements than the limit.
        public static let budgetExceeded = Code(kind: .budgetExceeded)
        /// A map has the key `__type__`, which belongs to Python lymph's extension objects.
        public static let reservedKey = Code(kind: .reservedKey)
        /// An array, map or set stands where Python needs a hashable value: as a map key or a member of a set.
        public static let unhashable = Code(kind: .unhashable)
        /// The value has no form that every peer reads, such as a string above 4 GiB, a date after the year 9999 or an
        /// extension of a type below -1.
        public static let unrepresentable = Code(kind: .unrepresentable)
        /// An encoder, decoder or container was used against the rules, such as after the end of its `init(from:)`.
        public static let misuse = Code(kind: .misuse)

        /// The code's name, such as `truncated`.
        public var description: String { kind.rawValue }
    }

    /// Keeps the error one word in size, so that a function with typed throws returns it in a register.
    private final class Storage: Sendable {
        let code: Code
        let message: String
        let offset: Int?
        let codingPath: [any CodingKey]?

        init(code: Code, message: String, offset: Int?, codingPath: [any CodingKey]?) {
            self.code = code
            self.message = message
            self.offset = offset
            self.codingPath = codingPath
        }
    }

    private let storage: Storage

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What was found and what is allowed.
    ///   - offset: Where in the message, in bytes, if known.
    ///   - codingPath: Where in the value, if known.
    public init(_ code: Code, _ message: String, offset: Int? = nil, codingPath: [any CodingKey]? = nil) {
        storage = Storage(code: code, message: message, offset: offset, codingPath: codingPath)
    }

    /// The kind of failure.
    public var code: Code { storage.code }

    /// What was found and what is allowed.
    public var message: String { storage.message }

    /// The byte offset in the message at which the offending value starts, if known.
    public var offset: Int? { storage.offset }

    /// The keys and indices that lead to the offending value; empty if it is the whole value or not known.
    public var codingPath: [any CodingKey] { storage.codingPath ?? [] }

    /// Returns the error with a path, unless it already has one: the innermost coder knows best.
    func located(at path: @autoclosure () -> [any CodingKey]) -> MessagePackError {
        guard storage.codingPath == nil else { return self }
        return MessagePackError(code, message, offset: offset, codingPath: path())
    }
}

extension MessagePackError: Hashable {
    /// Compares code and message, not the position.
    public static func == (left: MessagePackError, right: MessagePackError) -> Bool {
        left.code == right.code && left.message == right.message
    }

    /// Hashes code and message.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}

extension MessagePackError: CustomStringConvertible {
    /// The message and the position, as in `expected a string, found an integer (at byte 12, in user.name)`.
    public var description: String {
        var places: [String] = []
        if let offset { places.append("at byte \(offset)") }
        if !codingPath.isEmpty { places.append("in \(codingPath.readable)") }
        return places.isEmpty ? message : "\(message) (\(places.joined(separator: ", ")))"
    }
}

extension [any CodingKey] {
    /// The path as people write it: `user.emails[3]`.
    var readable: String {
        var text = ""
        for key in self {
            if let index = key as? IndexKey {
                text += "[\(index.index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text
    }
}
