extension String {
    /// Creates a string from UTF-8; nil if the bytes are not valid.
    package init?(utf8 bytes: UnsafeRawBufferPointer) {
        let units = bytes.bindMemory(to: UInt8.self).span
        if bytes.isASCII {
            // Validating again is unnecessary: ASCII is always valid.
            self = String(copying: UTF8Span(unchecked: units, isKnownASCII: true))
        } else if let text = try? UTF8Span(validating: units) {
            self = String(copying: text)
        } else {
            return nil
        }
    }

    /// Calls `body` with the bytes of the text.
    @inline(__always)
    func withText<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        var text = self
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    /// Whether both have the same UTF-8. `==` also equates canonically equivalent texts, which are different keys to
    /// a peer.
    func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return withText { left in other.withText { left.isEqual(to: $0) } }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are valid UTF-8.
    var isValidUTF8: Bool {
        if isASCII { return true }
        do {
            _ = try UTF8Span(validating: bindMemory(to: UInt8.self).span)
            return true
        } catch {
            return false
        }
    }

    /// Whether every byte is below 0x80.
    var isASCII: Bool {
        var offset = 0
        // Without a branch for every eight bytes, the compiler can vectorise the loop.
        while offset + 64 <= count {
            var all: UInt64 = 0
            for step in 0..<8 { all |= loadUnaligned(fromByteOffset: offset + 8 * step, as: UInt64.self) }
            if all & 0x8080_8080_8080_8080 != 0 { return false }
            offset += 64
        }
        while offset + 8 <= count {
            if loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
            offset += 8
        }
        while offset < count {
            if self[offset] >= 0x80 { return false }
            offset += 1
        }
        return true
    }

    /// Whether the bytes are exactly those of `text`.
    @inline(__always)
    package func isEqual(to text: StaticString) -> Bool {
        isEqual(to: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether the bytes are exactly those of `text`.
    @inline(__always)
    package func isEqual(to text: String) -> Bool {
        text.withText { isEqual(to: $0) }
    }

    /// Whether both contain the same bytes.
    package func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while offset + 8 <= count {
            let left = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if left != other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
            offset += 8
        }
        while offset < count {
            if self[offset] != other[offset] { return false }
            offset += 1
        }
        return true
    }
}
