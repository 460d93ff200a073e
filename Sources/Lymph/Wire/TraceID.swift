package import MessagePack

/// A trace id as it is sent: any MessagePack value, kept encoded because it is passed on unchanged.
package struct TraceID: Sendable, Hashable {
    private enum Form: Hashable {
        /// 32 hexadecimal digits, as nearly every peer uses.
        case number(UInt128)
        case encoded([UInt8])
    }

    private let form: Form

    /// The longest id that is accepted from a peer, in encoded bytes.
    private static let mostBytes = 256

    package init(_ number: UInt128) { form = .number(number) }

    package init(_ text: String) {
        var writer = Writer(capacity: text.utf8.count + 5)
        writer.write(text)
        self = writer.bytes.withUnsafeBytes { Self(encoded: $0) }
    }

    private init(encoded bytes: UnsafeRawBufferPointer) {
        if bytes.count == 34, bytes[0] == 0xd9, let number = UInt128(hex: .init(rebasing: bytes[2...])) {
            form = .number(number)
        } else {
            form = .encoded([UInt8](bytes))
        }
    }

    /// The id as a number, if it is one.
    var number: UInt128? {
        if case .number(let number) = form { number } else { nil }
    }

    /// The size of the id when encoded.
    var byteCount: Int {
        switch form {
        case .number: 34
        case .encoded(let bytes): bytes.count
        }
    }

    /// The encoded id.
    package var bytes: [UInt8] {
        var writer = Writer(capacity: 34)
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout Writer) {
        switch form {
        case .number(let number): number.withHex { writer.write(utf8: $0) }
        case .encoded(let bytes): bytes.withUnsafeBytes { writer.writeRaw($0) }
        }
    }

    /// Reads the value of the header.
    ///
    /// A stranger chose the value, and it is passed on to peers that may run Python lymph, so anything that could end
    /// their receive loop is refused. So is a long one, which would be kept with every answer and repeated in every
    /// log line.
    ///
    /// - Returns: nil if the value is nil, or can't be passed on.
    package init?(from reader: inout Reader, in frame: UnsafeRawBufferPointer) throws(MessagePackError) {
        let start = reader.offset
        switch start < frame.count ? frame[start] : 0xc0 {
        case 0xc0:
            try reader.skip()
            return nil
        case 0xa0...0xbf, 0xd9...0xdb:
            // Text, as nearly all ids are. This also checks that it is UTF-8.
            _ = try reader.readKey()
        case 0x80...0x9f, 0xc7...0xc9, 0xd4...0xd8, 0xdc...0xdf:
            // A container or an extension: accepted only if we would write it the same way.
            let value = try reader.readValue()
            guard reader.offset - start <= Self.mostBytes, let encoded = try? value.encoded() else { return nil }
            self = encoded.withUnsafeBytes { Self(encoded: $0) }
            return
        default:
            try reader.skip()
        }
        guard reader.offset - start <= Self.mostBytes else { return nil }
        self.init(encoded: .init(rebasing: frame[start..<reader.offset]))
    }

    /// The id, for people and logs.
    package var text: String {
        if case .number(let number) = form { return number.hex }
        guard let value = try? Value(decoding: bytes) else { return "" }
        return value.stringValue ?? value.description
    }
}
