internal import MessagePack

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension FuzzTarget {
    /// The texts of dates, times, decimals and ids.
    static let times = FuzzTarget(
        "times",
        seeds: [
            "2015-11-23T12:34:56.123456+0530", "2015-11-23 12:34:56Z", "0001-01-01", "9999-12-31", "23:59:59.999999Z",
            "-1.50", "1E+99999999999999999", "sNaN123", "-Infinity", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "-9223372036854775808.999999999",
        ].map(\.bytes),
        words: ["T", "Z", "-", ":", ".", "+0000", "-2359", "E-", "NaN", "000000000"], longest: 100
    ) { input throws(BrokenProperty) in
        let text = input.text
        try checkText(DateTime.self, text)
        try checkText(CalendarDate.self, text)
        try checkText(TimeOfDay.self, text)
        try checkText(ExactDecimal.self, text)
        try checkText(UniqueIdentifier.self, text)
        if let timestamp = Timestamp(text) {
            try demand(timestamp.description == text, "\(text) is the only text of its timestamp")
            _ = Date(timestamp)
        }
        if let decimal = ExactDecimal(text) { try checkDecimal(decimal) }
        if let day = CalendarDate(text) { try demand(CalendarDate(daysSince1970: day.daysSince1970) == day, "\(day)") }
        if let value = DateTime(text) { try checkDate(value) }
    }

    private static func checkText<T: LosslessStringConvertible & Equatable>(
        _ type: T.Type, _ text: String
    ) throws(BrokenProperty) {
        guard let value = T(text) else { return }
        try demand(T(value.description) == value, "\(value) of \(text) is read back")
    }

    private static func checkDecimal(_ exact: ExactDecimal) throws(BrokenProperty) {
        guard let decimal = Decimal(exact), !decimal.isNaN else { return }
        try demand(Decimal(ExactDecimal(decimal)) == decimal, "\(exact) survives the way through \(decimal)")
    }

    private static func checkDate(_ value: DateTime) throws(BrokenProperty) {
        guard let date = Date(value) else {
            return try demand(value.utcOffset == nil, "\(value) is a point in time")
        }
        // In UTC, the year may be beyond the calendar. Centuries from 2001, a `Date` has no microseconds.
        guard let again = DateTime(date), abs(date.timeIntervalSinceReferenceDate) < 0x1p31 else { return }
        try demand(again.secondsSince1970 == value.secondsSince1970, "\(value) and \(again) are the same second")
        try demand(again.time.microsecond == value.time.microsecond, "\(value) and \(again) have the same fraction")
    }
}
