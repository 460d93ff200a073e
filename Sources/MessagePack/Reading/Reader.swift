/// Reads MessagePack values one after the other from bytes that it does not own.
///
/// A reader is total: whatever the bytes are, every method returns or throws. It never reserves memory because of a
/// header alone, since a header that promises more than the remaining bytes can hold fails at once. After an error
/// the position is unspecified; stop reading.
public struct Reader: ~Copyable {
    let bytes: UnsafeRawBufferPointer

    /// The number of bytes read so far.
    package internal(set) var offset: Int

    /// The end of the readable part; within an embedded message, the end of that.
    var end: Int

    /// The number of open containers around the position. Callers that read headers by hand and then nested values
    /// must maintain it, so that the depth limit covers the whole message.
    package var depth: Int

    let maximumDepth: Int

    /// Whether the limits set a budget; otherwise the number of bytes bounds the elements anyway.
    private(set) var hasBudget: Bool
    var elementsLeft: Int

    /// Creates a reader over bytes that must outlive it.
    ///
    /// - Parameters:
    ///   - bytes: The message.
    ///   - limits: The limits to enforce.
    package init(_ bytes: UnsafeRawBufferPointer, limits: MessagePackLimits = .init()) {
        self.init(bytes, offset: 0, end: bytes.count, depth: 0, maximumDepth: limits.effectiveDepth)
        hasBudget = limits.elements != nil
        elementsLeft = limits.elements ?? bytes.count
    }

    /// Creates a reader for a part of a message, without a budget.
    init(_ bytes: UnsafeRawBufferPointer, offset: Int, end: Int, depth: Int, maximumDepth: Int) {
        self.bytes = bytes
        self.offset = offset
        self.end = end
        self.depth = depth
        self.maximumDepth = maximumDepth
        hasBudget = false
        elementsLeft = .max
    }

    /// Calls `body` with a reader over `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: The message.
    ///   - limits: The limits to enforce.
    ///   - body: Reads as much as it likes; the reader is valid until `body` returns.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withReader<R>(
        over bytes: [UInt8],
        limits: MessagePackLimits = .init(),
        _ body: (inout Reader) throws -> R
    ) rethrows -> R {
        try bytes.withUnsafeBytes { buffer in
            var reader = Reader(buffer, limits: limits)
            return try body(&reader)
        }
    }

    /// Whether every byte has been read.
    public var isAtEnd: Bool { offset >= end }

    /// The number of bytes read so far.
    public var position: Int { offset }

    /// Checks that nothing is left.
    ///
    /// - Throws: ``MessagePackError`` with the code `trailingBytes` if a byte is left.
    public func finish() throws(MessagePackError) {
        guard isAtEnd else {
            throw MessagePackError(
                .trailingBytes, "\(end - offset) bytes follow the value; a message is one value", offset: offset)
        }
    }
}

extension Reader {
    /// The number of bytes not yet read.
    var remaining: Int { end - offset }

    /// The next byte, without consuming it.
    func peek() throws(MessagePackError) -> UInt8 {
        guard offset < end else { throw truncated(needing: 1) }
        return bytes[offset]
    }

    /// Consumes one byte and returns it.
    mutating func takeByte() throws(MessagePackError) -> UInt8 {
        let byte = try peek()
        offset += 1
        return byte
    }

    /// Consumes `count` bytes and returns them in place.
    mutating func take(_ count: Int) throws(MessagePackError) -> UnsafeRawBufferPointer {
        guard count <= remaining else { throw truncated(needing: count) }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// Consumes a big-endian integer and returns it.
    @inline(__always)
    mutating func takeInteger<T: FixedWidthInteger>(_ type: T.Type) throws(MessagePackError) -> T {
        let size = MemoryLayout<T>.size
        guard size <= remaining else { throw truncated(needing: size) }
        defer { offset += size }
        return T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    @inline(never)
    func truncated(needing count: Int) -> MessagePackError {
        MessagePackError(.truncated, "needs \(count) more bytes, found \(max(0, remaining))", offset: offset)
    }

    /// The error for a value of another type than `expected` at `start`.
    @inline(never)
    func mismatch(_ expected: String, at start: Int) -> MessagePackError {
        let head = bytes[start]
        let code: MessagePackError.Code =
            switch head {
            case Format.nil: .valueMissing
            case 0xc1: .invalidFormat
            default: .typeMismatch
            }
        return MessagePackError(code, "expected \(expected), found \(Format.name(of: head))", offset: start)
    }

    @inline(never)
    func tooDeep() -> MessagePackError {
        MessagePackError(
            .depthExceeded, "containers are nested deeper than \(maximumDepth) levels", offset: offset)
    }
}
