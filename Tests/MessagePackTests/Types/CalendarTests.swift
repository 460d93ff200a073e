import MessagePack
import Testing

@Suite("Calendar types")
struct CalendarTests {
    @Test("Every day of the calendar converts to its number and back")
    func days() throws {
        var previous: CalendarDate?
        for number in stride(from: -719_162, through: 2_932_896, by: 13) {
            let date = try #require(CalendarDate(daysSince1970: number))
            #expect(date.daysSince1970 == number)
            if let previous { #expect(previous < date) }
            previous = date
        }
        #expect(CalendarDate(daysSince1970: 0)?.description == "1970-01-01")
        #expect(CalendarDate(daysSince1970: -719_162)?.description == "0001-01-01")
        #expect(CalendarDate(daysSince1970: 2_932_896)?.description == "9999-12-31")
        #expect(CalendarDate(daysSince1970: -719_163) == nil)
        #expect(CalendarDate(daysSince1970: 2_932_897) == nil)
        #expect(CalendarDate(daysSince1970: 11_016)?.description == "2000-02-29")
    }

    @Test(
        "Days that do not exist are refused",
        arguments: [
            (0, 1, 1), (10000, 1, 1), (2015, 0, 1), (2015, 13, 1), (2015, 1, 0), (2015, 1, 32), (2015, 2, 29),
            (1900, 2, 29), (2015, 4, 31), (Int.max, 1, 1), (2015, Int.min, 1),
        ])
    func impossible(year: Int, month: Int, day: Int) {
        #expect(CalendarDate(year: year, month: month, day: day) == nil)
    }

    @Test(
        "Dates are read from and written as text",
        arguments: [
            ("2015-11-23", "2015-11-23"), ("15-11-23", "0015-11-23"), ("2015-1-23", nil), ("2015-11-23 ", nil),
            ("", nil),
            ("2015/11/23", nil), ("-2015-11-23", nil), ("20151-11-23", nil), ("2015-02-30", nil), ("٢٠١٥-11-23", nil),
        ] as [(String, String?)])
    func dateTexts(text: String, expected: String?) {
        #expect(CalendarDate(text)?.description == expected)
    }

    @Test(
        "Times are read from and written as text",
        arguments: [
            ("12:34:56Z", "12:34:56Z"), ("12:34:56", "12:34:56Z"), ("00:00:00Z", "00:00:00Z"),
            ("23:59:59Z", "23:59:59Z"),
            ("12:34:56.5Z", "12:34:56.500000Z"), ("12:34:56.123456789", "12:34:56.123456Z"), ("12:34:56.Z", nil),
            ("24:00:00Z", nil), ("12:60:00Z", nil), ("12:00:60Z", nil), ("1:00:00Z", nil), ("12:34Z", nil),
            ("12:34:56.1234567890Z", nil), ("12:34:56z", nil), ("12:34:56ZZ", nil),
        ] as [(String, String?)])
    func timeTexts(text: String, expected: String?) {
        #expect(TimeOfDay(text)?.description == expected)
    }

    @Test(
        "Datetimes are read from and written as text",
        arguments: [
            ("2015-11-23T12:34:56+0530", "2015-11-23T12:34:56+0530"),
            ("2015-11-23T12:34:56+05:30", "2015-11-23T12:34:56+0530"),
            ("2015-11-23T12:34:56-05", "2015-11-23T12:34:56-0500"),
            ("2015-11-23T12:34:56Z", "2015-11-23T12:34:56+0000"),
            ("2015-11-23T12:34:56-0000", "2015-11-23T12:34:56+0000"), ("2015-11-23T12:34:56", "2015-11-23T12:34:56"),
            ("2015-11-23 12:34:56", "2015-11-23T12:34:56"), ("2015-11-23T12:34:56.5", "2015-11-23T12:34:56.500000"),
            ("2015-11-23T12:34:56.123456789Z", "2015-11-23T12:34:56.123456+0000"),
            ("2015-11-23T12:34:56,5-2359", "2015-11-23T12:34:56.500000-2359"),
            ("2015-11-23T12:34:56.000000+0530", "2015-11-23T12:34:56+0530"),
            ("2015-11-23T12:34:56+2400", nil), ("2015-11-23T12:34:56+9999", nil), ("2015-11-23T12:34:56+0560", nil),
            ("2015-11-23T12:34:56+053015", nil), ("2015-11-23T12:34:56+05:", nil), ("2015-11-23T12:34:56 +0530", nil),
            ("2015-11-23", nil), ("2015-11-23T", nil), ("2015-11-23T12:34:56Zx", nil), ("x", nil), ("", nil),
        ] as [(String, String?)])
    func datetimeTexts(text: String, expected: String?) {
        #expect(DateTime(text)?.description == expected)
    }

    @Test(
        "Seconds since 1970 convert to datetimes of the years 1 to 9999",
        arguments: [
            (0, "1970-01-01T00:00:00+0000"), (-1, "1969-12-31T23:59:59+0000"),
            (951_782_400, "2000-02-29T00:00:00+0000"),
            (-62_135_596_800, "0001-01-01T00:00:00+0000"), (253_402_300_799, "9999-12-31T23:59:59+0000"),
            (-62_135_596_801, nil), (253_402_300_800, nil), (.min, nil), (.max, nil),
        ] as [(Int64, String?)])
    func pointsInTime(seconds: Int64, expected: String?) {
        let value = DateTime(secondsSince1970: seconds)
        #expect(value?.description == expected)
        if value != nil { #expect(value?.secondsSince1970 == seconds) }
    }

    @Test("An offset moves the point in time; without an offset there is none")
    func offsets() {
        #expect(DateTime("1970-01-01T05:30:00+0530")?.secondsSince1970 == 0)
        #expect(DateTime("1969-12-31T19:00:00-0500")?.secondsSince1970 == 0)
        #expect(DateTime("1970-01-01T00:00:00")?.secondsSince1970 == nil)
        #expect(DateTime("1970-01-01T00:00:00")?.utcOffset == nil)
        #expect(DateTime("1970-01-01T00:00:00-0230")?.utcOffset == -9000)
    }
}
