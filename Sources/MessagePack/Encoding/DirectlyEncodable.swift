/// A type that is written directly, because its `encode(to:)` would write another form of it, or would be slower.
protocol DirectlyEncodable: Encodable {
    /// Writes the value without asking for a container.
    func encode(directlyInto encoding: Encoding) throws
}

extension DirectlyEncodable {
    /// Writes a value that is known to be of this type.
    static func encode<T>(opened value: T, into encoding: Encoding) throws {
        // The caller found `Self` by looking at `T`, so both are one type.
        try unsafeBitCast(value, to: Self.self).encode(directlyInto: encoding)
    }
}

extension Optional: DirectlyEncodable where Wrapped: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        if let self {
            try encoding.encode(self)
        } else {
            encoding.state.writer.writeNil()
        }
    }
}

extension Array: DirectlyEncodable where Element: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        if Element.self == UInt8.self {
            // The comparison is of types, so the cast cannot change a representation; the same goes for those below.
            try encoding.state.writer.checkLength(count)
            encoding.state.writer.writeBinary(unsafeBitCast(self, to: [UInt8].self))
            return
        }
        try encoding.state.writer.checkLength(count)
        try encoding.state.writer.open()
        encoding.state.writer.writeArrayHeader(count)
        if Element.self == Int.self {
            encoding.state.writer.writeElements(unsafeBitCast(self, to: [Int].self)) { $0.write($1) }
        } else if Element.self == Double.self {
            encoding.state.writer.writeElements(unsafeBitCast(self, to: [Double].self)) { $0.write($1) }
        } else if Element.self == String.self {
            try encoding.state.writer.writeElements(unsafeBitCast(self, to: [String].self)) { try $0.writeChecked($1) }
        } else {
            let direct = Encoding.directType(of: Element.self)
            for index in indices { try encoding.encode(self[index], as: direct, at: IndexKey(index)) }
        }
        encoding.state.writer.depth -= 1
    }
}

extension Writer {
    /// Writes all elements with a single access to the writer, instead of one access for each.
    @inline(__always)
    fileprivate mutating func writeElements<T>(_ elements: [T], _ write: (inout Writer, T) throws -> Void) rethrows {
        for element in elements { try write(&self, element) }
    }
}

extension Set: DirectlyEncodable where Element: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.state.writer.checkLength(count)
        try encoding.state.writer.open()
        encoding.state.writer.writeObjectHeader(.set)
        try encoding.state.writer.open()
        encoding.state.writer.writeArrayHeader(count)
        for (index, element) in enumerated() {
            let start = encoding.state.writer.bytes.count
            try encoding.encode(element, at: IndexKey(index))
            try encoding.checkHashable(from: start, at: IndexKey(index))
        }
        encoding.state.writer.depth -= 2
    }
}

extension Dictionary: DirectlyEncodable where Key: Encodable, Value: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.state.writer.checkLength(count)
        try encoding.state.writer.open()
        encoding.state.writer.writeMapHeader(count)
        for (key, value) in self {
            if Key.self == String.self {
                let name = unsafeBitCast(key, to: String.self)
                try encoding.state.writer.writeKey(name)
                if try !encoding.state.writer.encodeScalar(value) {
                    try encoding.encode(value, at: NameKey(stringValue: name))
                }
            } else {
                let name = NameKey(stringValue: "\(key)")
                try encoding.encodeKey(key, at: name)
                try encoding.encode(value, at: name)
            }
        }
        encoding.state.writer.depth -= 1
    }
}
