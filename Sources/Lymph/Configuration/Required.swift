/// A setting without a default: a configuration without its key is a mistake.
///
/// ```swift
/// struct OrdersSettings: ConfigurationSection {
///     @Required var region: String
/// }
/// ```
///
/// It is for properties of a ``ConfigurationSection``. In settings that were made with `init()`, as a test may do, it has no
/// value until you set one; reading it before ends the process.
@propertyWrapper
public struct Required<Value: Codable & Sendable>: Sendable {
    private var value: Value?

    // Where the property is declared, because a wrapper doesn't know its name.
    private let file: StaticString
    private let line: UInt

    /// Creates a setting that has no value yet. The parameters are filled in by the compiler.
    public init(file: StaticString = #fileID, line: UInt = #line) {
        self.file = file
        self.line = line
    }

    /// The value. Reading it before it was decoded or set is a mistake of the program.
    public var wrappedValue: Value {
        get {
            guard let value else {
                preconditionFailure("the @Required setting declared at \(file):\(line) has no value: set it first")
            }
            return value
        }
        set { value = newValue }
    }
}

extension Required: Codable {
    /// Reads the value.
    public init(from decoder: any Decoder) throws {
        self.init()
        value = try decoder.singleValueContainer().decode(Value.self)
    }

    /// Writes the value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value {
            try container.encode(value)
        } else if let recorder = encoder as? DefaultsRecorder {
            recorder.leaveUnset()
        } else {
            throw EncodingError.invalidValue(
                self,
                .init(
                    codingPath: encoder.codingPath,
                    debugDescription: "the @Required setting declared at \(file):\(line) has no value"))
        }
    }
}

extension Required: WrappedSetting {
    static var content: Any.Type { Value.self }
}

extension Required: Equatable where Value: Equatable {
    /// Compares the values.
    public static func == (a: Required, b: Required) -> Bool { a.value == b.value }
}

extension Required: Hashable where Value: Hashable {
    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Required: CustomStringConvertible {
    /// The value, or that there is none.
    public var description: String { value.map { String(reflecting: $0) } ?? "no value" }
}
