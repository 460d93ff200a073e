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
        // The interval since 2001 is what a `Date` stores; the one since 1970 has been rounded.
        let microseconds = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        guard abs(microseconds) < 1e18 else { return nil }
        let (quotient, remainder) = Int64(microseconds).quotientAndRemainder(dividingBy: 1_000_000)
        self.init(
            secondsSince1970: quotient - (remainder < 0 ? 1 : 0) + referenceOffset,
            microsecond: Int(remainder < 0 ? remainder + 1_000_000 : remainder))
    }
}

extension Date {
    /// Creates the point in time that an aware value names, or nil if the value is naive.
    ///
    /// - Parameter value: The value.
    public init?(_ value: DateTime) {
        guard let seconds = value.secondsSince1970 else { return nil }
        self.init(
            timeIntervalSinceReferenceDate: Double(seconds - referenceOffset)
                + Double(value.time.microsecond) / 1_000_000)
    }

    /// Creates the point in time of a timestamp, as exactly as a `Date` can.
    ///
    /// - Parameter timestamp: The timestamp.
    public init(_ timestamp: Timestamp) {
        // Far from 1970 the subtraction may overflow, and a double is not exact to the second anyway.
        let (seconds, overflow) = timestamp.seconds.subtractingReportingOverflow(referenceOffset)
        self.init(
            timeIntervalSinceReferenceDate: (overflow ? Double(timestamp.seconds) : Double(seconds))
                + Double(timestamp.nanoseconds) / 1_000_000_000)
    }
}

/// Seconds from 1970-01-01 to 2001-01-01, where Foundation counts from.
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

    /// The point in time of an aware datetime or a timestamp; nil if this is neither, or naive.
    public var dateValue: Date? {
        switch self {
        case .datetime(let value): Date(value)
        case .timestamp(let value): Date(value)
        default: nil
        }
    }
}

extension Date: DirectlyEncodable, DirectlyDecodable {
    /// Python has microseconds, and cuts off what else it reads. So these are all that is written if they name the date; nine digits
    /// name any other, but for the 97 days before and after 2001 begins, where a `Date` is finer still.
    func encode(directlyInto encoding: Encoding) throws {
        guard let value = DateTime(self) else {
            throw MessagePackError(
                .unrepresentable,
                "a date \(timeIntervalSinceReferenceDate) seconds after 2001; Python's end with the years 1 and 9999")
        }
        if try Date(value) == self || !encodeFinely(into: encoding) {
            try encoding.state.writer.writeObject(.datetime, value)
        }
    }

    /// - Returns: False if nanoseconds say no more than microseconds.
    private func encodeFinely(into encoding: Encoding) throws -> Bool {
        let second = timeIntervalSinceReferenceDate.rounded(.down)
        let nanosecond = Int(((timeIntervalSinceReferenceDate - second) * 1_000_000_000).rounded())
        guard nanosecond % 1000 != 0, nanosecond < 1_000_000_000,
            let whole = DateTime(Date(timeIntervalSinceReferenceDate: second))
        else { return false }
        var digits: [UInt8] = []
        digits.appendDecimal(nanosecond, width: 9)
        let fraction = "." + String(decoding: digits, as: UTF8.self)
        let text = whole.text
        try encoding.state.writer.writeObject(.datetime, String(text.prefix(19)) + fraction + text.dropFirst(19))
        return true
    }

    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Date {
        if Format.isExt(try reader.peek()) { return Date(try reader.readTimestamp()) }
        let start = reader.offset
        let moment = try reader.readObject(.datetime, Moment.init(text:))
        guard let seconds = moment.value.secondsSince1970,
            let timestamp = Timestamp(seconds: seconds, nanoseconds: UInt32(moment.nanosecond))
        else {
            throw MessagePackError(
                .naiveDatetime,
                "the datetime \(moment.value) has no UTC offset, so it names no point in time; decode it as DateTime instead",
                offset: start)
        }
        return Date(timestamp)
    }
}

/// A datetime with all that its text says.
private struct Moment {
    let value: DateTime
    let nanosecond: Int

    init?(text: UnsafeRawBufferPointer) {
        var scanner = TextScanner(text)
        guard let value = DateTime(scanning: &scanner) else { return nil }
        self.value = value
        nanosecond = scanner.nanosecond
    }
}
