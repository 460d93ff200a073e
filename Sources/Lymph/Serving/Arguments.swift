internal import MessagePack

/// Arguments of a request that don't fit the method.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String
}

/// Finds the arguments of a request in its body, without decoding what is not asked for.
struct Arguments {
    private let bytes: UnsafeRawBufferPointer
    private let ranges: [Range<Int>?]
    private var next = 0

    /// Reads the names in a body.
    ///
    /// - Throws: `ArgumentError` if the body is not a map, or has a name that is not among `names`.
    init(_ bytes: UnsafeRawBufferPointer, names: [String]) throws {
        self.bytes = bytes
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
        self.ranges = ranges
    }

    /// Decodes the argument of the next parameter.
    mutating func decode<T>(_ parameter: Parameter<T>) throws -> T {
        defer { next += 1 }
        guard let range = ranges[next] else {
            if let absent = parameter.absent { return absent }
            throw ArgumentError(description: "missing argument \(parameter.name.debugDescription)")
        }
        do {
            return try MessagePackDecoder.decode(T.self, from: UnsafeRawBufferPointer(rebasing: bytes[range]))
        } catch {
            throw ArgumentError(description: "argument \(parameter.name.debugDescription) is not a \(T.self): \(error)")
        }
    }
}
