/// The bytes that all decoders and containers of one decoding share.
///
/// They access the bytes only through this object, so closing it makes all of them harmless, however long they are
/// kept.
final class DecodingSource {
    private var bytes: UnsafeRawBufferPointer?
    let maximumDepth: Int
    let codingPath: [any CodingKey]

    /// Whether decoders index a whole map before returning any value, because keys are known to repeat.
    let isIndexed: Bool

    /// Whether the first of several equal keys may have been taken as the only one. If so, everything is decoded once
    /// more; repeating it for each map would let nested maps multiply the work.
    var metRepeatedKey = false

    init(
        _ bytes: UnsafeRawBufferPointer, maximumDepth: Int, codingPath: [any CodingKey], isIndexed: Bool = false
    ) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.codingPath = codingPath
        self.isIndexed = isIndexed
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

/// The position of a value: what its decoder needs to know about its surroundings.
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
            if Reader.isScalar(type), !reader.isNextEmbedded { return try reader.decodeScalar(type) }
        } catch {
            throw error.located(at: codingPath)
        }
        return try decode(type, as: Self.directType(of: type), from: &reader)
    }

    /// The type itself if it can be read without a decoder for it.
    ///
    /// The check is slow, so for many values of one type it is done once.
    static func directType<T>(of type: T.Type) -> (any DirectlyDecodable.Type)? {
        type as? any DirectlyDecodable.Type
    }

    /// Reads the value at the reader's position.
    func decode<T: Decodable>(
        _ type: T.Type, as direct: (any DirectlyDecodable.Type)?, from reader: inout Reader
    ) throws -> T {
        do {
            if reader.isNextEmbedded {
                return try reader.withinEmbedded { try decode(type, as: direct, from: &$0) }
            }
            if let direct { return try direct.decode(opened: type, from: &reader, at: self) }
            return try decodeFrame(type, from: &reader)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath)
        }
    }

    /// Reads a value with its type's own `init(from:)`.
    private func decodeFrame<T: Decodable>(_ type: T.Type, from reader: inout Reader) throws -> T {
        let frame = DecodingFrame(self, at: reader)
        do {
            let value = try T(from: frame)
            try frame.checkRepeatedKeys()
            reader.offset = try frame.findEnd()
            return value
        } catch {
            // The type may have failed because of a repeated key's first value, which does not count.
            try? frame.checkRepeatedKeys()
            throw error
        }
    }
}
