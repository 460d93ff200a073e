internal import MessagePack

/// Arguments of a request that don't fit the method.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String
}

/// Finds the arguments of a request in its body, without decoding what is not asked for.
struct Arguments {
    private let payload: Payload
    private let names: [String]
    private let ranges: [Range<Int>?]
    private var next = 0

    /// Reads the names in a body.
    ///
    /// - Throws: `ArgumentError` if the body is not a map, or has a name that is not among `names`.
    init(_ payload: Payload, names: [String]) throws {
        self.payload = payload
        self.names = names
        ranges = try payload.withUnsafeBytes { try Self.ranges(of: names, in: $0) }
    }

    private static func ranges(of names: [String], in bytes: UnsafeRawBufferPointer) throws -> [Range<Int>?] {
        var ranges = [Range<Int>?](repeating: nil, count: names.count)
        do {
            var reader = Reader(bytes)
            for _ in 0..<(try reader.readMapHeader()) {
                let name = try reader.readKey()
                guard let index = names.firstIndex(where: { name.elementsEqual($0.utf8) }) else {
                    let known = names.isEmpty ? "it takes none" : "it takes \(names.joined(separator: ", "))"
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

    /// Decodes the argument of the next parameter.
    mutating func decode<T>(_ parameter: Parameter<T>) throws -> T {
        defer { next += 1 }
        return try value(of: next, orElse: parameter.absent)
    }

    /// Decodes the next argument.
    ///
    /// - Parameter absent: What the method gets for each of its arguments that is missing; nil if it must not be.
    mutating func decode<T: Decodable>(_ type: T.Type, orElse absent: [(any Sendable)?]) throws -> T {
        defer { next += 1 }
        return try value(of: next, orElse: absent[next])
    }

    private func value<T: Decodable>(
        of index: Int, orElse absent: @autoclosure () -> (any Sendable)?
    ) throws -> T {
        guard let range = ranges[index] else {
            if let absent = absent() as? T { return absent }
            throw ArgumentError(description: "missing argument \(names[index].debugDescription)")
        }
        do {
            return try payload.withUnsafeBytes {
                try MessagePackDecoder.decode(T.self, from: UnsafeRawBufferPointer(rebasing: $0[range]))
            }
        } catch {
            throw ArgumentError(description: "argument \(names[index].debugDescription) is not a \(T.self): \(error)")
        }
    }
}
