/// A day of the Gregorian calendar, from 0001-01-01 to 9999-12-31: the counterpart of Python's `datetime.date`.
public struct CalendarDate: Sendable, Hashable {
    private let storedYear: Int16
    private let storedMonth: UInt8
    private let storedDay: UInt8

    /// The year, from 1 to 9999.
    public var year: Int { Int(storedYear) }
    /// The month, from 1 to 12.
    public var month: Int { Int(storedMonth) }
    /// The day of the month, from 1.
    public var day: Int { Int(storedDay) }

    /// Creates a day, or nil if the calendar has no such day.
    ///
    /// - Parameters:
    ///   - year: The year, from 1 to 9999.
    ///   - month: The month, from 1 to 12.
    ///   - day: The day of the month, from 1.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(in: month, of: year)
        else { return nil }
        storedYear = Int16(year)
        storedMonth = UInt8(month)
        storedDay = UInt8(day)
    }

    /// Creates the day with a given number of days since 1970-01-01, or nil if it lies outside the years 1 to 9999.
    ///
    /// - Parameter daysSince1970: The number of days, negative before 1970.
    public init?(daysSince1970: Int) {
        guard (Self.firstDay...Self.lastDay).contains(daysSince1970) else { return nil }
        // Years start in March here, so that the leap day is the last day of a year; cycles are 400 years.
        let days = daysSince1970 + 719_468
        let cycle = days / 146_097
        let dayOfCycle = days % 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        self.init(year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month: month, day: day)
    }

    /// The number of days after 1970-01-01, negative before.
    public var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let cycle = shiftedYear / 400
        let yearOfCycle = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * 146_097 + dayOfCycle - 719_468
    }

    /// 0001-01-01 and 9999-12-31 as days after 1970-01-01.
    private static let firstDay = -719_162
    private static let lastDay = 2_932_896

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CalendarDate: LosslessStringConvertible, TextObject {
    /// The day as `2015-11-23`.
    public var description: String { text }

    func appendText(to bytes: inout [UInt8]) {
        bytes.appendDecimal(year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(day, width: 2)
    }

    /// Reads a day such as `2015-11-23`; nil if the text is anything else.
    ///
    /// The year may have fewer than four digits, because that is how Python writes years before 1000.
    public init?(_ description: String) {
        guard let day = description.withText(CalendarDate.init(text:)) else { return nil }
        self = day
    }

    init?(text: UnsafeRawBufferPointer) {
        var scanner = TextScanner(text)
        self.init(scanning: &scanner)
        guard scanner.isAtEnd else { return nil }
    }

    init?(scanning scanner: inout TextScanner) {
        guard let year = scanner.digits(1, upTo: 4), scanner.accept("-"), let month = scanner.pair(),
            scanner.accept("-"), let day = scanner.pair()
        else { return nil }
        self.init(year: year.value, month: Int(month), day: Int(day))
    }
}

extension CalendarDate: Comparable {
    /// Orders by time.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.storedYear, left.storedMonth, left.storedDay) < (right.storedYear, right.storedMonth, right.storedDay)
    }
}
