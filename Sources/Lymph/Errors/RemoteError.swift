public import MessagePack

/// An error that the remote method declared and raised.
public struct RemoteError: Error, Sendable, Hashable {
    /// The name of the error's type at the service, such as `DivisionByZero`.
    public let type: String

    /// What the error says.
    public let message: String

    /// The error itself, if its type is `Encodable`: a map of its properties. Python services send none.
    public let data: Value?

    /// Creates an error. A method that declares `raises: RemoteError.self` can throw one to choose the type's name.
    public init(type: String, message: String = "", data: Value? = nil) {
        self.type = type
        self.message = message
        self.data = data
    }
}

extension RemoteError: CustomStringConvertible {
    /// The type's name and the message.
    public var description: String { message.isEmpty ? type : "\(type): \(message)" }
}

// The body of an ERROR is a map with the keys `type` and `message`, as in Python lymph, and `data`, which Python ignores.
extension RemoteError {
    /// Reads the body of an ERROR. Missing or non-text fields are replaced, because a Python peer may send anything.
    init(body: Value) {
        self.init(
            type: body["type"]?.stringValue ?? "RemoteError",
            message: body["message"].map { $0.stringValue ?? $0.description } ?? "", data: body["data"])
    }

    /// The data, unless it can't be encoded or would end Python lymph's receive loop.
    private var encodedData: [UInt8]? { data.flatMap { try? $0.encoded() } }

    /// The body of an ERROR.
    var body: [UInt8] {
        let data = encodedData
        var writer = Writer(capacity: 32 + type.utf8.count + message.utf8.count + (data?.count ?? 0))
        writer.writeMapHeader(data == nil ? 2 : 3)
        writer.write("type")
        writer.write(type)
        writer.write("message")
        writer.write(message)
        if let data {
            writer.write("data")
            data.withUnsafeBytes { writer.writeRaw($0) }
        }
        return writer.bytes
    }
}

extension RemoteError {
    /// The error as its caller sees it: the name of its type, its description, and its data if it is encodable.
    init(describing error: any Error) {
        if let error = error as? RemoteError {
            self = error
        } else {
            // One that can't be encoded is still told by its type and description.
            let data = (error as? any Encodable).flatMap { try? MessagePackEncoder.encode($0) }
            self.init(
                type: "\(Swift.type(of: error))", message: "\(error)", data: data.flatMap { try? Value(decoding: $0) })
        }
    }
}
