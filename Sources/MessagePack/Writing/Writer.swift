/// Writes MessagePack values one after the other into a byte array, each in its smallest encoding.
///
/// The bytes are those of Python's `msgpack.packb(value, use_bin_type=True)`. The caller must honour headers: after
/// `writeArrayHeader(2)` write two values, after `writeMapHeader(2)` two key-value pairs.
///
/// ```swift
/// var writer = Writer()
/// writer.writeMapHeader(1)
/// writer.write("text")
/// try writer.encode(text)
/// ```
public struct Writer: Sendable {
    /// What has been written so far.
    public internal(set) var bytes: [UInt8]

    /// The number of open containers around the position.
    ///
    /// Callers that write headers by hand and then nested values must maintain it, so that the depth limit covers the
    /// whole message; otherwise it stays 0.
    public var depth = 0

    /// How deeply containers may be nested.
    let maximumDepth: Int

    /// Whether values that would stop a Python peer are refused; off only for bytes that never leave the process.
    var isForPeers = true

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - capacity: The number of bytes to reserve room for.
    ///   - limits: Only the depth limit applies to writing.
    public init(capacity: Int = 0, limits: MessagePackLimits = .init()) {
        bytes = []
        bytes.reserveCapacity(capacity)
        maximumDepth = limits.effectiveDepth
    }

    /// Removes everything written, but keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        depth = 0
    }

    /// Appends bytes that are already MessagePack.
    ///
    /// - Parameter encoded: Whole values; they are not checked.
    public mutating func writeRaw(_ encoded: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: encoded)
    }

    /// Appends bytes that are already MessagePack.
    ///
    /// - Parameter encoded: Whole values; they are not checked.
    public mutating func writeRaw(_ encoded: some Collection<UInt8>) {
        bytes.append(contentsOf: encoded)
    }

    /// Writes the first byte of a format and a big-endian number after it.
    @inline(__always)
    mutating func append<T: FixedWidthInteger>(_ head: UInt8, _ number: T) {
        bytes.append(head)
        append(number)
    }

    /// Writes a big-endian number, byte by byte, because appending such a small buffer costs more.
    @inline(__always)
    mutating func append<T: FixedWidthInteger>(_ number: T) {
        var shift = T.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: number >> T(truncatingIfNeeded: shift)))
        }
    }

    /// Writes the header of something with a length, in the smallest of up to four formats.
    mutating func appendHeader(
        _ count: Int, fixed: (head: UInt8, below: Int)? = nil, _ head8: UInt8?, _ head16: UInt8, _ head32: UInt8
    ) {
        precondition((0...Int(UInt32.max)).contains(count), "MessagePack has no length \(count)")
        if let fixed, count < fixed.below {
            bytes.append(fixed.head | UInt8(count))
        } else if let head8, count <= Int(UInt8.max) {
            bytes.append(head8)
            bytes.append(UInt8(count))
        } else if count <= Int(UInt16.max) {
            append(head16, UInt16(count))
        } else {
            append(head32, UInt32(count))
        }
    }

    /// Enters a container for the duration of `body`.
    mutating func nested(
        _ body: (inout Writer) throws(MessagePackError) -> Void
    ) throws(MessagePackError) {
        try open()
        try body(&self)
        depth -= 1
    }

    /// Counts one more open container.
    mutating func open() throws(MessagePackError) {
        guard depth < maximumDepth else { throw tooDeep() }
        depth += 1
    }

    @inline(never)
    func tooDeep() -> MessagePackError {
        MessagePackError(.depthExceeded, "containers are nested deeper than \(maximumDepth) levels")
    }
}
