public import GRPCCore

/// The names of the methods.
public enum TextMethods {
    public static let upper = MethodDescriptor(fullyQualifiedService: "Text", method: "Upper")
    public static let echo = MethodDescriptor(fullyQualifiedService: "Text", method: "Echo")
}

/// A message is the UTF-8 bytes of its text, which is cheaper than Protobuf.
public struct TextCoding: MessageSerializer, MessageDeserializer {
    public init() {}

    public func serialize<Bytes: GRPCContiguousBytes>(_ message: String) throws -> Bytes { Bytes(message.utf8) }

    public func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> String {
        bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
