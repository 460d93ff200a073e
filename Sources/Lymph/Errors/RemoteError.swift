internal import MessagePack

/// An error that the remote method declared and raised.
public struct RemoteError: Error, Sendable, Hashable {
    /// The name of the error's type at the service, such as `DivisionByZero`.
    public let type: String

    /// What the error says.
    public let message: String

    /// Creates an error. A method that declares `raises: RemoteError.self` can throw one to choose the type's name.
    public init(type: String, message: String = "") {
        self.type = type
        self.message = message
    }
}

extension RemoteError: CustomStringConvertible {
    /// The type's name and the message.
    public var description: String { message.isEmpty ? type : "\(type): \(message)" }
}

extension RemoteError {
    /// Reads the body of an ERROR. Missing or non-text fields are replaced, because a Python peer may send anything.
    init(body: Value) {
        self.init(
            type: body["type"]?.stringValue ?? "RemoteError",
            message: body["message"].map { $0.stringValue ?? $0.description } ?? "")
    }
}

/// Maps remote errors to errors of the caller's own, by type name.
///
/// ```swift
/// let math = client.proxy("math", errors: ["DivisionByZero": { _ in DivisionByZero() }])
/// ```
public struct ErrorMap: Sendable, ExpressibleByDictionaryLiteral {
    private let makers: [String: @Sendable (RemoteError) -> any Error]

    /// Creates a map from type names to functions that make the error.
    public init(_ makers: [String: @Sendable (RemoteError) -> any Error]) {
        self.makers = makers
    }

    /// Creates a map; if a name occurs twice, the last entry wins.
    public init(dictionaryLiteral elements: (String, @Sendable (RemoteError) -> any Error)...) {
        makers = Dictionary(elements) { $1 }
    }

    /// The error that the caller sees.
    func map(_ error: RemoteError) -> any Error {
        makers[error.type]?(error) ?? error
    }
}

extension RemoteError {
    /// The body of an ERROR.
    var body: [UInt8] {
        var writer = Writer(capacity: 32 + type.utf8.count + message.utf8.count)
        writer.writeMapHeader(2)
        writer.write("type")
        writer.write(type)
        writer.write("message")
        writer.write(message)
        return writer.bytes
    }
}
