/// A value that is not shown: not by `print`, not in logs, and not in the mistakes of a configuration.
///
/// ```swift
/// struct MailSettings: ConfigurationSection {
///     @Required var token: Secret<String>
/// }
/// connect(with: settings.token.value)
/// ```
///
/// Mistakes also hide what is written under keys that sound like a secret (`password`, `api_key`), whatever their type.
/// `lymph config` shows a file without knowing its types, so it hides only those.
public struct Secret<Value> {
    /// The value itself.
    public var value: Value

    /// Wraps a value.
    public init(_ value: Value) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A mask, which doesn't depend on the value.
    public var description: String { ConfigurationSecrets.mask }

    /// A mask, which doesn't depend on the value.
    public var debugDescription: String { ConfigurationSecrets.mask }

    /// Nothing: `dump` would show the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Sendable where Value: Sendable {}
extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}

extension Secret: Decodable where Value: Decodable {
    /// Reads the value.
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? ConfigurationDecoder else {
            self.init(try decoder.singleValueContainer().decode(Value.self))
            return
        }
        var part = decoder.configuration
        part.isConcealed = true
        self.init(try part.decode(Value.self, startingFrom: decoder.defaults))
    }
}

extension Secret: Encodable where Value: Encodable {
    /// Fails, so that a secret doesn't leave the process by accident. Encode its ``value`` if you mean to.
    public func encode(to encoder: any Encoder) throws {
        guard let recorder = encoder as? DefaultsRecorder else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "a Secret is not encoded, only its value")
            )
        }
        try recorder.encode(value)
    }
}

extension Secret: WrappedSetting {
    static var content: Any.Type { Value.self }
}
