/// A type that is read directly, because its `init(from:)` would read another form of it, or would be slower.
protocol DirectlyDecodable: Decodable {
    /// Reads the value at the reader's position.
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Self
}

extension DirectlyDecodable {
    /// Reads a value of a type that is known to be this one.
    static func decode<T>(opened type: T.Type, from reader: inout Reader, at site: DecodingSite) throws -> T {
        // The caller found `Self` by looking at `T`, so both are one type.
        unsafeBitCast(try decode(directlyFrom: &reader, at: site), to: T.self)
    }
}

extension DecodingSite {
    /// Reads a value whose type is known to be direct, without checking the type.
    func decodeDirectly<T: DirectlyDecodable>(_ type: T.Type, from reader: inout Reader) throws -> T {
        do {
            if reader.isNextEmbedded {
                return try reader.withinEmbedded { try decodeDirectly(type, from: &$0) }
            }
            return try T.decode(directlyFrom: &reader, at: self)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath)
        }
    }
}

extension Optional: DirectlyDecodable where Wrapped: Decodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Self {
        if reader.isNextNil {
            try reader.readNil()
            return nil
        }
        return try site.decode(Wrapped.self, from: &reader)
    }
}

extension Array: DirectlyDecodable where Element: Decodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Self {
        if Element.self == UInt8.self, Format.isBinary(try reader.peek()) {
            return unsafeBitCast(try reader.readBinary(), to: Self.self)
        }
        if let values = try scalars(from: &reader, at: site) { return values }
        let frame = DecodingFrame(site, at: reader)
        return try reader.elements { reader, count in
            var values: [Element] = []
            values.reserveCapacity(Swift.min(count, 1024))
            let direct = DecodingSite.directType(of: Element.self)
            for index in 0..<count {
                let site = DecodingSite(source: site.source, parent: frame, key: IndexKey(index))
                values.append(try site.decode(Element.self, as: direct, from: &reader))
            }
            return values
        }
    }
}

extension Array where Element: Decodable {
    /// Reads an array of one of the types that occur most; nil if it is of another.
    private static func scalars(from reader: inout Reader, at site: DecodingSite) throws -> Self? {
        // The comparisons are of types, so the casts cannot change a representation.
        if Element.self == Int.self {
            let values = try site.scalars(from: &reader) { (reader) throws(MessagePackError) in try reader.readInt() }
            return unsafeBitCast(values, to: Self.self)
        }
        if Element.self == Double.self {
            let values = try site.scalars(from: &reader) { (reader) throws(MessagePackError) in try reader.readDouble()
            }
            return unsafeBitCast(values, to: Self.self)
        }
        if Element.self == String.self {
            let values = try site.scalars(from: &reader) { (reader) throws(MessagePackError) in try reader.readString()
            }
            return unsafeBitCast(values, to: Self.self)
        }
        return nil
    }
}

extension DecodingSite {
    /// Reads an array of scalars with `read`; each may be embedded.
    @inline(__always)
    fileprivate func scalars<T>(
        from reader: inout Reader, _ read: (inout Reader) throws(MessagePackError) -> T
    ) throws -> [T] {
        try reader.elements { reader, count in
            var values: [T] = []
            values.reserveCapacity(min(count, 1024))
            for index in 0..<count {
                do {
                    values.append(reader.isNextEmbedded ? try reader.withinEmbedded(read) : try read(&reader))
                } catch let error as MessagePackError {
                    throw error.located(at: codingPath + [IndexKey(index)])
                }
            }
            return values
        }
    }
}

extension Set: DirectlyDecodable where Element: Decodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Self {
        // Peers without sets, and other languages, send arrays.
        guard reader.isNextMap else { return Set(try [Element].decode(directlyFrom: &reader, at: site)) }
        let end = try reader.openObject(.set)
        reader.depth += 1
        let members = Set(try [Element].decode(directlyFrom: &reader, at: site))
        reader.depth -= 1
        if let end { reader.offset = end }
        return members
    }
}

extension Dictionary: DirectlyDecodable where Key: Decodable, Value: Decodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Self {
        let frame = DecodingFrame(site, at: reader)
        try reader.checkDepth()
        let count = try reader.readMapHeader()
        reader.depth += 1
        defer { reader.depth -= 1 }
        // The comparisons are of types, so the casts cannot change a representation.
        if Key.self == String.self, Value.self == String.self {
            return unsafeBitCast(try frame.names(count, String.self, from: &reader), to: Self.self)
        }
        if Key.self == String.self, Value.self == MessagePack.Value.self {
            return unsafeBitCast(try frame.names(count, MessagePack.Value.self, from: &reader), to: Self.self)
        }
        var values = Self(minimumCapacity: Swift.min(count, 1024))
        for _ in 0..<count {
            let keySite = DecodingSite(source: site.source, parent: frame, key: nil)
            let key = try keySite.decodeKey(Key.self, from: &reader)
            let valueSite = DecodingSite(source: site.source, parent: frame, key: NameKey(stringValue: "\(key)"))
            values[key] = try valueSite.decode(Value.self, from: &reader)
        }
        return values
    }
}

extension DecodingFrame {
    /// Reads `count` pairs of a name and a value of one of the types for which this is worth a copy of the code.
    @inline(__always)
    fileprivate func names<T: DirectlyDecodable>(
        _ count: Int, _ type: T.Type, from reader: inout Reader
    ) throws -> [String: T] {
        var values = [String: T](minimumCapacity: min(count, 1024))
        for _ in 0..<count {
            let keySite = DecodingSite(source: site.source, parent: self, key: nil)
            let name = try keySite.decodeDirectly(String.self, from: &reader)
            let valueSite = DecodingSite(source: site.source, parent: self, key: NameKey(stringValue: name))
            values[name] = try valueSite.decodeDirectly(T.self, from: &reader)
        }
        return values
    }
}

extension DecodingSite {
    /// Reads a key of a dictionary: what it encodes as, or the name that stands for it.
    fileprivate func decodeKey<K: Decodable>(_ type: K.Type, from reader: inout Reader) throws -> K {
        let (start, end, depth) = (reader.offset, reader.end, reader.depth)
        do {
            return try decode(type, from: &reader)
        } catch {
            guard let representable = type as? any CodingKeyRepresentable.Type else { throw error }
            (reader.offset, reader.end, reader.depth) = (start, end, depth)
            guard let key = representable.init(codingKey: NameKey(stringValue: try reader.readString())) as? K else {
                throw error
            }
            return key
        }
    }
}

extension Reader {
    /// Reads an array whose elements `body` reads.
    fileprivate mutating func elements<R>(_ body: (inout Reader, Int) throws -> R) throws -> R {
        try checkDepth()
        let count = try readArrayHeader()
        depth += 1
        let result = try body(&self, count)
        depth -= 1
        return result
    }
}
