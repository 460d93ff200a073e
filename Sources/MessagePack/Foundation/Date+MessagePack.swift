#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension DateTime {
    /// Creates the aware value in UTC for a point in time, rounded to microseconds.
    ///
    /// Returns nil outside the years 1 to 9999.
    ///
    /// - Parameter date: The point in time.
    public init?(_ date: Date) {
        guard let (seconds, microsecond) = date.parts(of: 1_000_000) else { return nil }
        self.init(secondsSince1970: seconds, microsecond: microsecond)
    }
}

extension Date {
    /// Creates the point in time of an aware value; nil if the value is naive.
    ///
    /// - Parameter value: The value.
    public init?(_ value: DateTime) {
        guard let seconds = value.secondsSince1970 else { return nil }
        self.init(
            timeIntervalSinceReferenceDate: Double(seconds - referenceOffset)
                + Double(value.time.microsecond) / 1_000_000)
    }

    /// Creates the point in time of a timestamp, as precisely as a `Date` can.
    ///
    /// - Parameter timestamp: The timestamp.
    public init(_ timestamp: Timestamp) {
        // Far from 1970 the subtraction may overflow; there, a double isn't precise to the second anyway.
        let (seconds, overflow) = timestamp.seconds.subtractingReportingOverflow(referenceOffset)
        self.init(
            timeIntervalSinceReferenceDate: (overflow ? Double(timestamp.seconds) : Double(seconds))
                + Double(timestamp.nanoseconds) / 1_000_000_000)
    }
}

extension Date {
    /// The whole seconds and the fraction, rounded to 1/`resolution` seconds; nil far outside of every calendar.
    fileprivate func parts(of resolution: Double) -> (secondsSince1970: Int64, fraction: Int)? {
        // A `Date` stores the interval since 2001; the one since 1970 would be rounded.
        let interval = timeIntervalSinceReferenceDate
        guard abs(interval) < 1e12 else { return nil }
        let second = interval.rounded(.down)
        let fraction = ((interval - second) * resolution).rounded()
        let isWhole = fraction == resolution
        return (Int64(second) + (isWhole ? 1 : 0) + referenceOffset, isWhole ? 0 : Int(fraction))
    }
}

/// A datetime in UTC with nanoseconds. Readers that only know microseconds, such as Python, can read it as well.
private struct NanosecondDateTime {
    let value: DateTime
    /// The nanoseconds beyond the microseconds of `value`, from 0 to 999.
    let nanoseconds: Int

    init?(_ date: Date) {
        guard let (seconds, fraction) = date.parts(of: 1_000_000_000),
            let value = DateTime(secondsSince1970: seconds, microsecond: fraction / 1000)
        else { return nil }
        self.value = value
        nanoseconds = fraction % 1000
    }

    init?(text: UnsafeRawBufferPointer) {
        var scanner = TextScanner(text)
        guard let value = DateTime(scanning: &scanner) else { return nil }
        self.value = value
        nanoseconds = scanner.nanosecondsCutOff
    }

    var date: Date? {
        guard let seconds = value.secondsSince1970 else { return nil }
        let fraction = Double(value.time.microsecond * 1000 + nanoseconds) / 1_000_000_000
        return Date(timeIntervalSinceReferenceDate: Double(seconds - referenceOffset) + fraction)
    }

    var text: String {
        var bytes: [UInt8] = []
        value.date.appendText(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        value.time.appendSeconds(to: &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.appendDecimal(value.time.microsecond * 1000 + nanoseconds, width: 9)
        return String(decoding: bytes, as: UTF8.self) + "+0000"
    }
}

/// Seconds from 1970-01-01 to 2001-01-01, which is Foundation's reference date.
private let referenceOffset: Int64 = 978_307_200

extension Value {
    /// Creates the aware datetime in UTC of a point in time, rounded to microseconds.
    ///
    /// Returns nil outside the years 1 to 9999.
    ///
    /// - Parameter date: The point in time.
    public init?(_ date: Date) {
        guard let value = DateTime(date) else { return nil }
        self = .datetime(value)
    }

    /// The point in time of an aware datetime or a timestamp; nil for other values.
    public var dateValue: Date? {
        switch self {
        case .datetime(let value): Date(value)
        case .timestamp(let value): Date(value)
        default: nil
        }
    }
}

extension Date: DirectlyEncodable, DirectlyDecodable {
    func encode(directlyInto encoding: Encoding) throws {
        guard let value = DateTime(self) else {
            throw MessagePackError(
                .unrepresentable,
                "a date \(timeIntervalSinceReferenceDate) seconds after 2001; Python's end with the years 1 and 9999")
        }
        // Microseconds are enough for a date that was received with them. A date from a clock needs nanoseconds to be
        // equal to itself after a round trip.
        if Date(value) != self, let exact = NanosecondDateTime(self) {
            return try encoding.state.writer.writeObject(.datetime, exact.text)
        }
        try encoding.state.writer.writeObject(.datetime, value)
    }

    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Date {
        if Format.isExt(try reader.peek()) { return Date(try reader.readTimestamp()) }
        let start = reader.offset
        let exact = try reader.readObject(.datetime, NanosecondDateTime.init(text:))
        guard let date = exact.date else {
            throw MessagePackError(
                .naiveDatetime,
                "the datetime \(exact.value) has no UTC offset, so it names no point in time; decode it as DateTime instead",
                offset: start)
        }
        return date
    }
}
