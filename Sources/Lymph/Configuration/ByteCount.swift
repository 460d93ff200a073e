/// A size in bytes, which a configuration may spell with a unit: `64KiB`, `10MB`, `1GiB`.
///
/// `KiB`, `MiB`, `GiB` and `TiB` are powers of 1024; `kB` (or `KB`), `MB`, `GB` and `TB` are powers of 1000. A number without
/// a unit counts bytes.
public struct ByteCount: Sendable, Hashable {
    /// The number of bytes, from 0.
    public let bytes: Int

    /// Creates a size from a number of bytes, which must not be negative.
    public init(_ bytes: Int) {
        precondition(bytes >= 0, "a size can't be negative: \(bytes)")
        self.bytes = bytes
    }

    /// A size in units of 1000 bytes.
    public static func kilobytes(_ count: Int) -> ByteCount { ByteCount(count * 1000) }

    /// A size in units of 1000² bytes.
    public static func megabytes(_ count: Int) -> ByteCount { ByteCount(count * 1_000_000) }

    /// A size in units of 1000³ bytes.
    public static func gigabytes(_ count: Int) -> ByteCount { ByteCount(count * 1_000_000_000) }

    /// A size in units of 1024 bytes.
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }

    /// A size in units of 1024² bytes.
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }

    /// A size in units of 1024³ bytes.
    public static func gibibytes(_ count: Int) -> ByteCount { ByteCount(count << 30) }

    // "B" comes last, because the first matching suffix is used.
    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("KB", 1000), ("B", 1),
    ]
}

extension ByteCount: LosslessStringConvertible {
    /// Reads a size with a unit (`64KiB`, `1.5 GB`) or a number of bytes.
    ///
    /// - Returns: nil for anything else, including sizes that are no whole number of bytes.
    public init?(_ description: String) {
        let unit = Self.units.first { description.hasSuffix($0.name) }
        var number = description.dropLast(unit?.name.count ?? 0)
        if unit != nil { while number.last == " " { number.removeLast() } }
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) else { return nil }
        // All digits count the smallest decimal place, so that nothing is rounded.
        let places = parts.count > 1 ? parts[1].count : 0
        guard let count = Int(parts.joined()) else { return nil }
        var (bytes, overflow) = count.multipliedReportingOverflow(by: unit?.bytes ?? 1)
        for _ in 0..<places {
            guard bytes.isMultiple(of: 10) else { return nil }
            bytes /= 10
        }
        guard !overflow else { return nil }
        self.init(bytes)
    }

    /// The size in the unit that needs the smallest number: `64KiB`, `10MB`, `1500B`.
    public var description: String {
        let unit = Self.units.filter { bytes.isMultiple(of: $0.bytes) }.max { $0.bytes < $1.bytes }
        guard bytes > 0, let unit else { return "0B" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}

extension Character {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension ByteCount: Comparable, ExpressibleByIntegerLiteral {
    /// Compares the numbers of bytes.
    public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }

    /// Creates a size from a number of bytes.
    public init(integerLiteral value: Int) { self.init(value) }
}

extension ByteCount: Codable, DescribedConfiguration {
    package static let allowed = "a size in bytes, or with a unit: 64KiB, 10MB, 1GiB"

    /// Reads a number of bytes, or text with a unit.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? ConfigurationDecoder {
            self = try decoder.configuration.size()
            return
        }
        let container = try decoder.singleValueContainer()
        let size: ByteCount?
        if let bytes = try? container.decode(Int.self) {
            size = bytes < 0 ? nil : ByteCount(bytes)
        } else {
            size = ByteCount(try container.decode(String.self))
        }
        guard let size else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is not \(Self.allowed)")
        }
        self = size
    }

    /// Writes the number of bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}

extension Configuration {
    fileprivate func size() throws(ConfigurationError) -> ByteCount {
        switch node.content {
        case .integer(let value):
            if let value = Int(exactly: value), value >= 0 { return ByteCount(value) }
        case .text(let text):
            // A number in quotes is text, unless the source has no types.
            if node.isUntyped || text.last?.isDigit == false, let size = ByteCount(text) { return size }
        default: break
        }
        throw mismatch(allowed: ByteCount.allowed)
    }
}
