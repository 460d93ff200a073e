/// A type whose MessagePack form is not, or not as fast, what its `encode(to:)` would give.
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
            encoding.writer.writeNil()
        }
    }
}

extension Array: DirectlyEncodable where Element: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        if Element.self == UInt8.self {
            try encoding.writer.checkLength(count)
            encoding.writer.writeBinary(unsafeBitCast(self, to: [UInt8].self))
            return
        }
        try encoding.writer.checkLength(count)
        try encoding.writer.open()
        encoding.writer.writeArrayHeader(count)
        if Element.self == Int.self {
            for element in unsafeBitCast(self, to: [Int].self) { encoding.writer.write(element) }
        } else if Element.self == Double.self {
            for element in unsafeBitCast(self, to: [Double].self) { encoding.writer.write(element) }
        } else if Element.self == String.self {
            for element in unsafeBitCast(self, to: [String].self) { try encoding.writer.writeChecked(element) }
        } else {
            for (index, element) in enumerated() { try encoding.encode(element, at: IndexKey(index)) }
        }
        encoding.writer.depth -= 1
    }
}

extension Set: DirectlyEncodable where Element: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.writer.checkLength(count)
        try encoding.writer.open()
        encoding.writer.writeObjectHeader(.set)
        try encoding.writer.open()
        encoding.writer.writeArrayHeader(count)
        for (index, element) in enumerated() {
            let start = encoding.writer.bytes.count
            try encoding.encode(element, at: IndexKey(index))
            try encoding.checkHashable(from: start, at: IndexKey(index))
        }
        encoding.writer.depth -= 2
    }
}

extension Dictionary: DirectlyEncodable where Key: Encodable, Value: Encodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.writer.checkLength(count)
        try encoding.writer.open()
        encoding.writer.writeMapHeader(count)
        for (key, value) in self {
            if Key.self == String.self {
                let name = unsafeBitCast(key, to: String.self)
                try encoding.writer.writeKey(name)
                if try !encoding.writer.encodeScalar(value) {
                    try encoding.encode(value, at: NameKey(stringValue: name))
                }
            } else {
                let name = NameKey(stringValue: "\(key)")
                try encoding.encodeKey(key, at: name)
                try encoding.encode(value, at: name)
            }
        }
        encoding.writer.depth -= 1
    }
}
