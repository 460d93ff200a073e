/// A time of day with microseconds and without a zone: the counterpart of Python's `datetime.time`.
public struct TimeOfDay: Sendable, Hashable {
    private let storedHour: UInt8
    private let storedMinute: UInt8
    private let storedSecond: UInt8
    private let storedMicrosecond: UInt32

    /// The hour, from 0 to 23.
    public var hour: Int { Int(storedHour) }
    /// The minute, from 0 to 59.
    public var minute: Int { Int(storedMinute) }
    /// The second, from 0 to 59; there are no leap seconds.
    public var second: Int { Int(storedSecond) }
    /// The microsecond, from 0 to 999 999.
    public var microsecond: Int { Int(storedMicrosecond) }

    /// Creates a time, or nil if a part is out of range.
    ///
    /// - Parameters:
    ///   - hour: The hour, from 0 to 23.
    ///   - minute: The minute, from 0 to 59.
    ///   - second: The second, from 0 to 59.
    ///   - microsecond: The microsecond, from 0 to 999 999.
    public init?(hour: Int, minute: Int, second: Int, microsecond: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0...999_999).contains(microsecond)
        else { return nil }
        storedHour = UInt8(hour)
        storedMinute = UInt8(minute)
        storedSecond = UInt8(second)
        storedMicrosecond = UInt32(microsecond)
    }

    /// The number of whole seconds since midnight.
    var secondsSinceMidnight: Int { (hour * 60 + minute) * 60 + second }

    /// Appends `12:34:56`.
    func appendSeconds(to bytes: inout [UInt8]) {
        bytes.appendDecimal(hour, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(minute, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(second, width: 2)
    }

    /// Appends `12:34:56`, with six digits of fraction unless it is zero.
    func appendClock(to bytes: inout [UInt8]) {
        appendSeconds(to: &bytes)
        guard microsecond != 0 else { return }
        bytes.append(UInt8(ascii: "."))
        bytes.appendDecimal(microsecond, width: 6)
    }

    init?(scanning scanner: inout TextScanner) {
        guard let hour = scanner.pair(), scanner.accept(":"), let minute = scanner.pair(), scanner.accept(":"),
            let second = scanner.pair(), let fraction = scanner.fraction()
        else { return nil }
        self.init(hour: Int(hour), minute: Int(minute), second: Int(second), microsecond: Int(fraction))
    }
}

extension TimeOfDay: LosslessStringConvertible, TextObject {
    /// The time as `12:34:56Z`, with a fraction unless it is zero.
    ///
    /// The `Z` does not indicate a zone: Python lymph writes and requires the letter.
    public var description: String {
        var bytes: [UInt8] = []
        appendClock(to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the time as it is sent: without its fraction. Python lymph omits it, too, and silently drops a message
    /// that contains one.
    func appendText(to bytes: inout [UInt8]) {
        appendSeconds(to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads a time such as `12:34:56Z`, with or without `Z` and fraction; nil if the text is anything else.
    public init?(_ description: String) {
        guard let time = description.withText(TimeOfDay.init(text:)) else { return nil }
        self = time
    }

    init?(text: UnsafeRawBufferPointer) {
        var scanner = TextScanner(text)
        self.init(scanning: &scanner)
        _ = scanner.accept("Z")
        guard scanner.isAtEnd else { return nil }
    }
}

extension TimeOfDay: Comparable {
    /// Orders by time.
    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        (left.secondsSinceMidnight, left.microsecond) < (right.secondsSinceMidnight, right.microsecond)
    }
}
