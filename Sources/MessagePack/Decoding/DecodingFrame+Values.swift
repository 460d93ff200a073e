extension DecodingFrame {
    func isNil(at offset: Int) throws(MessagePackError) -> Bool { try reader(at: offset, levels: 1).isNextNil }

    func bool(at offset: Int) throws -> Bool {
        try scalar(at: offset) { (reader) throws(MessagePackError) in try reader.readBool() }
    }

    func string(at offset: Int) throws -> String {
        try scalar(at: offset) { (reader) throws(MessagePackError) in try reader.readString() }
    }

    func double(at offset: Int) throws -> Double {
        try scalar(at: offset) { (reader) throws(MessagePackError) in try reader.readDouble() }
    }

    func float(at offset: Int) throws -> Float {
        try scalar(at: offset) { (reader) throws(MessagePackError) in try reader.readFloat() }
    }

    func integer<T: FixedWidthInteger>(at offset: Int) throws -> T {
        try scalar(at: offset) { (reader) throws(MessagePackError) in try reader.readInteger(T.self) }
    }

    /// Reads the map's element at `offset`, which may be embedded, with `read`.
    @inline(__always)
    private func scalar<T>(
        at offset: Int, _ read: (inout Reader) throws(MessagePackError) -> T
    ) throws -> T {
        var reader = try reader(at: offset, levels: 1)
        let value = reader.isNextEmbedded ? try reader.withinEmbedded(read) : try read(&reader)
        passed(offset, end: reader.offset)
        return value
    }

    /// Reads the map's element at `offset`.
    func value<T: Decodable>(_ type: T.Type, _ key: any CodingKey, at offset: Int) throws -> T {
        var reader = try reader(at: offset, levels: 1)
        let value = try DecodingSite(source: site.source, parent: self, key: key).decode(type, from: &reader)
        passed(offset, end: reader.offset)
        return value
    }

    /// Returns a decoder for an element of the value, for nested containers, which are read independently.
    func child(_ key: any CodingKey, at offset: Int) throws(MessagePackError) -> DecodingFrame {
        var reader = try reader(at: offset, levels: 1)
        try reader.enterEmbedded()
        return DecodingFrame(
            DecodingSite(source: site.source, parent: self, key: key), at: reader, isIndexed: true)
    }
}
