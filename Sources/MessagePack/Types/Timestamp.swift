/// The timestamp extension of the MessagePack specification: a point in time with nanoseconds.
public struct Timestamp: Sendable, Hashable {
    /// Whole seconds since 1970-01-01 00:00:00 UTC, negative before.
    public let seconds: Int64
    /// Nanoseconds after that second, from 0 to 999 999 999.
    public let nanoseconds: UInt32

    /// Creates the timestamp of a whole second.
    ///
    /// - Parameter seconds: Seconds since 1970-01-01 00:00:00 UTC.
    public init(seconds: Int64) {
        self.seconds = seconds
        nanoseconds = 0
    }

    /// Creates a timestamp, or nil if `nanoseconds` is a second or more.
    ///
    /// - Parameters:
    ///   - seconds: Whole seconds since 1970-01-01 00:00:00 UTC.
    ///   - nanoseconds: Nanoseconds after that second, from 0 to 999 999 999.
    public init?(seconds: Int64, nanoseconds: UInt32) {
        guard nanoseconds <= 999_999_999 else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads the payload of an extension of type -1; nil if it has none of the three specified formats.
    init?(payload: UnsafeRawBufferPointer) {
        switch payload.count {
        case 4:
            self.init(seconds: Int64(UInt32(bigEndian: payload.loadUnaligned(as: UInt32.self))))
        case 8:
            let bits = UInt64(bigEndian: payload.loadUnaligned(as: UInt64.self))
            self.init(seconds: Int64(bits & 0x3_ffff_ffff), nanoseconds: UInt32(bits >> 34))
        case 12:
            let nanoseconds = UInt32(bigEndian: payload.loadUnaligned(as: UInt32.self))
            let seconds = Int64(bigEndian: payload.loadUnaligned(fromByteOffset: 4, as: Int64.self))
            self.init(seconds: seconds, nanoseconds: nanoseconds)
        default:
            return nil
        }
    }
}

extension Timestamp: Comparable {
    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Timestamp: LosslessStringConvertible {
    /// Seconds with nine digits of nanoseconds, such as `1700000000.000000001`.
    ///
    /// The fraction counts forward from the second even before 1970: `-1.500000000` is half a second before 1970.
    public var description: String {
        var digits: [UInt8] = []
        digits.appendDecimal(Int(nanoseconds), width: 9)
        return "\(seconds).\(String(decoding: digits, as: UTF8.self))"
    }

    /// Parses the format of ``description``; nil if the text is anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 9, let seconds = Int64(parts[0]),
            let nanoseconds = UInt32(parts[1])
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
        // The numbers may have a sign or leading zeros too many.
        guard self.description == description else { return nil }
    }
}
