/// A day and a time with an optional UTC offset: the counterpart of Python's `datetime.datetime`.
///
/// With an offset it is *aware* and names a point in time. Without one it is *naive*: only its author knows which zone
/// was meant, so it cannot be turned into a point in time.
public struct DateTime: Sendable, Hashable {
    /// The day.
    public let date: CalendarDate
    /// The time of day.
    public let time: TimeOfDay
    /// Minutes east of UTC, or `Int16.min` for a naive value; an optional would make every ``Value`` larger.
    private let offsetMinutes: Int16

    /// Seconds east of UTC, or nil if the value is naive.
    public var utcOffset: Int? {
        offsetMinutes == .min ? nil : Int(offsetMinutes) * 60
    }

    /// Creates a naive value.
    ///
    /// - Parameters:
    ///   - date: The day.
    ///   - time: The time of day.
    public init(date: CalendarDate, time: TimeOfDay) {
        self.init(date: date, time: time, offsetMinutes: .min)
    }

    private init(date: CalendarDate, time: TimeOfDay, offsetMinutes: Int16) {
        self.date = date
        self.time = time
        self.offsetMinutes = offsetMinutes
    }

    /// Creates an aware value, or a naive one if `utcOffset` is nil.
    ///
    /// Returns nil if the offset is not a whole number of minutes, or is a day or more: Python peers cannot read
    /// those.
    ///
    /// - Parameters:
    ///   - date: The day.
    ///   - time: The time of day.
    ///   - utcOffset: Seconds east of UTC.
    public init?(date: CalendarDate, time: TimeOfDay, utcOffset: Int?) {
        guard let utcOffset else {
            self.init(date: date, time: time)
            return
        }
        guard utcOffset % 60 == 0, (-86_399...86_399).contains(utcOffset) else { return nil }
        self.init(date: date, time: time, offsetMinutes: Int16(utcOffset / 60))
    }

    /// Creates the aware value in UTC for a point in time, or nil outside the years 1 to 9999.
    ///
    /// - Parameters:
    ///   - secondsSince1970: Whole seconds since 1970-01-01 00:00:00 UTC, negative before.
    ///   - microsecond: Microseconds after that second, from 0 to 999 999.
    public init?(secondsSince1970: Int64, microsecond: Int = 0) {
        let (quotient, remainder) = secondsSince1970.quotientAndRemainder(dividingBy: 86_400)
        let day = remainder < 0 ? quotient - 1 : quotient
        let second = Int(remainder < 0 ? remainder + 86_400 : remainder)
        guard let days = Int(exactly: day), let date = CalendarDate(daysSince1970: days),
            let time = TimeOfDay(
                hour: second / 3600, minute: second / 60 % 60, second: second % 60, microsecond: microsecond)
        else { return nil }
        self.init(date: date, time: time, utcOffset: 0)
    }

    /// Whole seconds since 1970-01-01 00:00:00 UTC, or nil if the value is naive.
    public var secondsSince1970: Int64? {
        utcOffset.map { Int64(date.daysSince1970 * 86_400 + time.secondsSinceMidnight - $0) }
    }
}

extension DateTime: LosslessStringConvertible, TextObject {
    /// The value in Python lymph's format, `2015-11-23T12:34:56+0530`, without the offset if it is naive.
    ///
    /// Six digits of fraction follow the second unless they are zero. Python lymph reads fractions, but does not
    /// write its own.
    public var description: String { text }

    func appendText(to bytes: inout [UInt8]) {
        date.appendText(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        time.appendClock(to: &bytes)
        guard let utcOffset else { return }
        let minutes = abs(utcOffset) / 60
        bytes.append(UInt8(ascii: utcOffset < 0 ? "-" : "+"))
        bytes.appendDecimal(minutes / 60, width: 2)
        bytes.appendDecimal(minutes % 60, width: 2)
    }

    /// Reads a value such as `2015-11-23T12:34:56.123456+0530`; nil if the text is anything else.
    ///
    /// The offset may be `+0530`, `+05:30`, `+05`, `Z` or missing. The fraction may have one to nine digits, of which
    /// the first six count. A space may take the place of the `T`.
    public init?(_ description: String) {
        guard let value = description.withText(DateTime.init(text:)) else { return nil }
        self = value
    }

    init?(text: UnsafeRawBufferPointer) {
        var scanner = TextScanner(text)
        self.init(scanning: &scanner)
    }

    /// Reads the whole value.
    init?(scanning scanner: inout TextScanner) {
        guard let date = CalendarDate(scanning: &scanner), scanner.accept("T") || scanner.accept(" "),
            let time = TimeOfDay(scanning: &scanner)
        else { return nil }
        var offset: Int?
        if scanner.accept("Z") {
            offset = 0
        } else if let sign = scanner.next {
            guard scanner.accept("+") || scanner.accept("-"), let hours = scanner.pair() else { return nil }
            let separated = scanner.accept(":")
            var minutes = 0
            if separated || !scanner.isAtEnd {
                guard let pair = scanner.pair(), pair < 60 else { return nil }
                minutes = Int(pair)
            }
            offset = (Int(hours) * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
        }
        guard scanner.isAtEnd else { return nil }
        self.init(date: date, time: time, utcOffset: offset)
    }
}
