/// Splits the output of a process into lines. An incomplete line is kept, up to a limit.
struct LineBuffer: Sendable {
    /// A longer line is split here, so that the buffer can't grow without limit.
    static let limit = 64 * 1024

    private var rest: [UInt8] = []

    init() {}

    /// Adds bytes, and returns the lines that are complete, each terminated and with `prefix` in front. All lines of
    /// one call are in one array, so that they can be written at once.
    mutating func lines(of bytes: some Collection<UInt8>, prefix: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var bytes = bytes[...]
        while let end = bytes.firstIndex(of: newline) {
            append(bytes[..<end], to: &output, prefix: prefix)
            flush(into: &output, prefix: prefix, evenIfEmpty: true)
            bytes = bytes[bytes.index(after: end)...]
        }
        append(bytes, to: &output, prefix: prefix)
        return output
    }

    /// The last line, if it was not terminated.
    mutating func end(prefix: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        flush(into: &output, prefix: prefix, evenIfEmpty: false)
        return output
    }

    private mutating func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8], prefix: [UInt8]) {
        var bytes = bytes[...]
        while rest.count + bytes.count > Self.limit {
            let part = bytes.prefix(Self.limit - rest.count)
            rest += part
            bytes = bytes.dropFirst(part.count)
            flush(into: &output, prefix: prefix, evenIfEmpty: true)
        }
        rest += bytes
    }

    private mutating func flush(into output: inout [UInt8], prefix: [UInt8], evenIfEmpty: Bool) {
        guard evenIfEmpty || !rest.isEmpty else { return }
        output += prefix
        output += rest
        output.append(newline)
        rest.removeAll(keepingCapacity: true)
    }
}

private let newline = UInt8(ascii: "\n")
