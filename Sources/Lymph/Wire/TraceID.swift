package import MessagePack

/// A trace id as it travels: any MessagePack value, kept in its encoded form because it is passed on as it came.
package struct TraceID: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(_ number: UInt128) { self.init(number.hex) }

    package init(_ text: String) {
        var writer = Writer(capacity: text.utf8.count + 5)
        writer.write(text)
        bytes = writer.bytes
    }

    /// Reads the value of the header.
    ///
    /// A stranger chose it, and it goes out again to peers that may run Python lymph: what could end their receive loop is
    /// not taken.
    ///
    /// - Returns: nil if it is nil, or can't be passed on.
    package init?(from reader: inout Reader, in frame: UnsafeRawBufferPointer) throws(MessagePackError) {
        let start = reader.offset
        switch start < frame.count ? frame[start] : 0xc0 {
        case 0xc0:
            try reader.skip()
            return nil
        case 0xa0...0xbf, 0xd9...0xdb:
            // Text: as nearly all of them are. This checks that it is UTF-8.
            _ = try reader.readKey()
        case 0x80...0x9f, 0xc7...0xc9, 0xd4...0xd8, 0xdc...0xdf:
            // A container or an extension: only what we would write ourselves.
            let value = try reader.readValue()
            guard let encoded = try? value.encoded() else { return nil }
            bytes = encoded
            return
        default:
            try reader.skip()
        }
        bytes = [UInt8](frame[start..<reader.offset])
    }

    /// The id for a person or a log.
    package var text: String {
        guard let value = try? Value(decoding: bytes) else { return "" }
        return value.stringValue ?? value.description
    }
}
