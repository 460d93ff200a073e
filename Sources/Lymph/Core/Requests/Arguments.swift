internal import MessagePack

/// The arguments of a request do not fit the method.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String
    /// What the caller is told, if that should be less than the description.
    var detail: String?

    var refusal: Refusal { .rejected(description, detail: detail) }
}

/// Finds the arguments of a request in its body. Only what is asked for is decoded.
struct Arguments {
    private let payload: Payload
    private let parameters: [ErasedParameter]
    private let ranges: [Range<Int>?]
    private var position = 0

    /// Reads the names of the arguments.
    ///
    /// - Throws: `ArgumentError` if the body is not a map, or has a name that is no parameter.
    init(_ payload: Payload, _ parameters: [ErasedParameter]) throws {
        self.payload = payload
        self.parameters = parameters
        ranges = try payload.withUnsafeBytes { try Self.ranges(of: parameters, in: $0) }
    }

    private static func ranges(
        of parameters: [ErasedParameter], in bytes: UnsafeRawBufferPointer
    ) throws -> [Range<Int>?] {
        var ranges = [Range<Int>?](repeating: nil, count: parameters.count)
        do {
            var reader = Reader(bytes)
            for _ in 0..<(try reader.readMapHeader()) {
                let name = try reader.readKey()
                guard let index = parameters.firstIndex(where: { name.isEqual(to: $0.name) }) else {
                    let known =
                        parameters.isEmpty
                        ? "it takes none" : "it takes \(parameters.map(\.name).joined(separator: ", "))"
                    let text = String(decoding: name.prefix(64), as: UTF8.self)
                    throw ArgumentError(description: "unknown argument \(text.debugDescription); \(known)")
                }
                let start = reader.offset
                try reader.skip()
                ranges[index] = start..<reader.offset
            }
            try reader.finish()
        } catch let error as MessagePackError {
            throw ArgumentError(description: "the body is not a map of arguments: \(error)")
        }
        return ranges
    }

    /// Decodes the argument for the next parameter.
    mutating func next<T: Decodable>() throws -> T {
        defer { position += 1 }
        return try value(of: position, orElse: parameters[position].absent)
    }

    /// Decodes the argument for the next parameter, with the default of `parameter`.
    mutating func decode<T>(_ parameter: Parameter<T>) throws -> T {
        defer { position += 1 }
        return try value(of: position, orElse: parameter.absent)
    }

    private func value<T: Decodable>(
        of index: Int, orElse absent: @autoclosure () -> (any Sendable)?
    ) throws -> T {
        guard let range = ranges[index] else {
            if let absent = absent() as? T { return absent }
            throw ArgumentError(description: "missing argument \(parameters[index].name.debugDescription)")
        }
        do {
            return try payload.withUnsafeBytes {
                try MessagePackDecoder.decode(T.self, from: UnsafeRawBufferPointer(rebasing: $0[range]))
            }
        } catch {
            let summary = "argument \(parameters[index].name.debugDescription) is not a \(T.self)"
            // A custom decoder may throw any error, also as the cause of a DecodingError: don't show it to the caller.
            let detail =
                switch error {
                case let error as MessagePackError: "\(summary): \(error)"
                case let error as DecodingError: "\(summary): \(error.detail)"
                default: summary
                }
            throw ArgumentError(description: "\(summary): \(error)", detail: detail)
        }
    }
}

extension DecodingError {
    /// What is wrong and where, without the underlying error.
    fileprivate var detail: String {
        let context: Context? =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        guard let context else { return "it can't be read" }
        var path = ""
        for key in context.codingPath {
            path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? key.stringValue : "." + key.stringValue)
        }
        return context.debugDescription + (path.isEmpty ? "" : " (\(path))")
    }
}
