/// The bytes that the decoders and containers of one decoding share.
///
/// They go through it at every step, so closing it makes all of them harmless, however long they are kept.
final class DecodingSource {
    private var bytes: UnsafeRawBufferPointer?
    let maximumDepth: Int
    let codingPath: [any CodingKey]

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int, codingPath: [any CodingKey]) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.codingPath = codingPath
    }

    func close() { bytes = nil }

    /// Returns a reader at `offset` that ends at `end`, with `depth` containers around it.
    @inline(__always)
    func reader(at offset: Int, end: Int, depth: Int) throws(MessagePackError) -> Reader {
        guard let bytes else { throw Self.closed() }
        return Reader(bytes, offset: offset, end: end, depth: depth, maximumDepth: maximumDepth)
    }

    @inline(never)
    private static func closed() -> MessagePackError {
        MessagePackError(.misuse, "a decoder was used after the end of the decoding that it belongs to")
    }
}

/// Where a value stands: what its decoder needs to know about its surroundings.
struct DecodingSite {
    let source: DecodingSource
    let parent: DecodingFrame?
    let key: (any CodingKey)?

    var codingPath: [any CodingKey] {
        let path = parent?.codingPath ?? source.codingPath
        return key.map { path + [$0] } ?? path
    }

    /// Reads the value at the reader's position.
    func decode<T: Decodable>(_ type: T.Type, from reader: inout Reader) throws -> T {
        do {
            if reader.isNextEmbedded {
                return try reader.withinEmbedded { try decode(type, from: &$0) }
            }
            if let scalar = try reader.decodeScalar(type) { return scalar }
            if let direct = type as? any DirectlyDecodable.Type {
                return try direct.decode(opened: type, from: &reader, at: self)
            }
            return try decodeFrame(type, from: &reader)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath)
        }
    }

    /// Reads a value through its own `init(from:)`.
    private func decodeFrame<T: Decodable>(_ type: T.Type, from reader: inout Reader) throws -> T {
        var frame = DecodingFrame(self, at: reader)
        var value = try T(from: frame)
        if try frame.metRepeatedKey() {
            // The first of two equal keys was taken for the only one. This happens to no honest message.
            frame = DecodingFrame(self, at: reader, isIndexed: true)
            value = try T(from: frame)
        }
        reader.offset = try frame.findEnd()
        return value
    }
}
