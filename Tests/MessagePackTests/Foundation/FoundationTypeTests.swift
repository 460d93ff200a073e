import Foundation
import MessagePack
import Testing

@Suite("Foundation types")
struct FoundationTypeTests {
    private func date(_ text: String) throws -> Date { try #require(DateTime(text).flatMap { Date($0) }) }

    @Test(
        "Date is an aware datetime in UTC with microseconds",
        arguments: [
            ("2015-11-23T12:34:56.123456Z", "2015-11-23T12:34:56.123456+0000"),
            ("2015-11-23T12:34:56+0530", "2015-11-23T07:04:56+0000"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000+0000"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+0000"), ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+0000"),
        ])
    func dates(text: String, expected: String) throws {
        let date = try date(text)
        let bytes = try MessagePackEncoder.encode(date)
        #expect(try Value(decoding: bytes) == .datetime(#require(DateTime(expected))))
        #expect(try MessagePackDecoder.decode(Date.self, from: bytes) == date)
        #expect(Value(date)?.dateValue == date)
    }

    @Test("Date agrees with Foundation's own calendar")
    func calendar() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<2000 {
            let seconds = Double(Int.random(in: -60_000_000_000...250_000_000_000, using: &random))
            let date = Date(timeIntervalSince1970: seconds)
            #expect(try DateTime(#require(DateTime(date)?.description)).flatMap { Date($0) } == date)
            #expect(DateTime(date)?.secondsSince1970 == Int64(seconds))
            if seconds > -12_000_000_000 {  // Foundation's format is Gregorian only from 1582 on.
                #expect(DateTime(date)?.description.prefix(19) == date.ISO8601Format().prefix(19))
            }
        }
    }

    @Test("No more digits are written than identify the date, because Python truncates them")
    func digits() throws {
        func text(_ interval: Double) throws -> String {
            let bytes = try MessagePackEncoder.encode(Date(timeIntervalSinceReferenceDate: interval))
            let map = String(decoding: bytes, as: UTF8.self)
            return String(map.suffix(map.contains(".") ? 34 : 24).drop { $0 != "2" })
        }
        #expect(try text(500_000_000) == "2016-11-05T00:53:20+0000")
        #expect(try text(500_000_000.123457) == "2016-11-05T00:53:20.123457+0000")
        #expect(try text(500_000_000.123457.nextUp).hasPrefix("2016-11-05T00:53:20.12345"))
        #expect(try text(500_000_000.123457.nextUp).count == 34)
        #expect(try text(-1e-9) == "2000-12-31T23:59:59.999999999+0000")
    }

    @Test("A date in the middle of a microsecond is rounded")
    func rounding() throws {
        let date = Date(timeIntervalSinceReferenceDate: 0.999_999_9)
        #expect(DateTime(date)?.description == "2001-01-01T00:00:01+0000")
        #expect(DateTime(Date(timeIntervalSinceReferenceDate: -0.000_000_1))?.description == "2001-01-01T00:00:00+0000")
        #expect(DateTime(Date(timeIntervalSinceReferenceDate: -0.25))?.description == "2000-12-31T23:59:59.750000+0000")
    }

    @Test("A date is equal to itself after a round trip, to the nanosecond")
    func roundTrips() throws {
        var random = SplitMix64(seed: 9)
        let now = Date()
        var dates = [now, now.addingTimeInterval(1e-7), Date(timeIntervalSinceReferenceDate: 796_300_000.123_456_7)]
        // From the year 1 to 9999; only within half a year around 2001 is a double finer than a nanosecond.
        let ranges: [ClosedRange<Double>] = [-6.3e10...(-1e7), 1e7...1e9, 1e7...2.5e11]
        for range in ranges {
            for _ in 0..<2000 {
                dates.append(Date(timeIntervalSinceReferenceDate: .random(in: range, using: &random)))
            }
        }
        for date in dates {
            let bytes = try MessagePackEncoder.encode(date)
            let read = try MessagePackDecoder.decode(Date.self, from: bytes)
            #expect(read == date, "\(date.timeIntervalSinceReferenceDate)")
            #expect(try MessagePackEncoder.encode(read) == bytes)
            let value = try #require(Value(date)?.dateValue)
            #expect(abs(value.timeIntervalSince(date)) <= max(0.000_000_6, date.timeIntervalSinceReferenceDate.ulp))
        }
        for seconds in [0.000_000_000_5, 1.000_000_000_4, -0.000_000_000_5, 8_000_000.999_999_999_9] {
            let date = Date(timeIntervalSinceReferenceDate: seconds)
            let read = try MessagePackDecoder.decode(Date.self, from: MessagePackEncoder.encode(date))
            #expect(abs(read.timeIntervalSince(date)) <= 0.000_000_001)
        }
    }

    @Test("A date received with microseconds is sent with the same microseconds, despite rounding in a double")
    func microseconds() throws {
        var random = SplitMix64(seed: 10)
        for _ in 0..<2000 {
            let value = try #require(
                DateTime(
                    secondsSince1970: .random(in: -3_000_000_000...5_000_000_000, using: &random),
                    microsecond: random.below(1_000_000)))
            let bytes = try MessagePackEncoder.encode(value)
            #expect(
                try MessagePackEncoder.encode(MessagePackDecoder.decode(Date.self, from: bytes)) == bytes, "\(value)")
        }
    }

    @Test(
        "Dates that Python does not have are refused",
        arguments: [
            1e12, -1e12, 1e300, -1e300, .infinity, -.infinity, .nan, .greatestFiniteMagnitude,
        ])
    func impossibleDates(seconds: Double) {
        let date = Date(timeIntervalSinceReferenceDate: seconds)
        #expect(code { _ = try MessagePackEncoder.encode([date]) } == .unrepresentable)
        #expect(Value(date) == nil)
    }

    @Test("A naive datetime is not a point in time, and the error says so")
    func naive() throws {
        let bytes = try Value.datetime(#require(DateTime("2015-11-23T12:34:56"))).encoded()
        let error = #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode(Date.self, from: bytes) }
        #expect(error?.code == .naiveDatetime)
        #expect(error?.message.contains("no UTC offset") == true)
        #expect(try MessagePackDecoder.decode(DateTime.self, from: bytes).utcOffset == nil)
        #expect(try Value(decoding: bytes).dateValue == nil)
    }

    @Test("A timestamp is a date too", arguments: [0, 1_700_000_000, -5, .max, .min] as [Int64])
    func timestamps(seconds: Int64) throws {
        let stamp = try #require(Timestamp(seconds: seconds, nanoseconds: 500_000_000))
        let bytes = try Value.timestamp(stamp).encoded()
        let date = try MessagePackDecoder.decode(Date.self, from: bytes)
        if seconds.magnitude < 1 << 40 {
            #expect(date == Date(timeIntervalSince1970: Double(seconds) + 0.5))
        }
        #expect(Value.timestamp(stamp).dateValue == date)
    }

    @Test("A UUID survives a round trip")
    func uuids() throws {
        let uuid = try #require(UUID(uuidString: "01234567-89AB-CDEF-0123-456789ABCDEF"))
        let bytes = try MessagePackEncoder.encode(uuid)
        #expect(
            try Value(decoding: bytes)
                == .uuid(UniqueIdentifier(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef)))
        #expect(try MessagePackDecoder.decode(UUID.self, from: bytes) == uuid)
        #expect(Value(uuid).uuidValue == uuid)
        #expect(UniqueIdentifier(uuid).description == uuid.uuidString.lowercased())
        for _ in 0..<50 {
            let random = UUID()
            #expect(UUID(UniqueIdentifier(random)) == random)
        }
    }

    @Test(
        "Decimal",
        arguments: [
            "0", "1", "-1", "1.5", "-0.001", "12345678901234567890123456789012345678", "1E+20", "-1.5E-30", "00.10",
            "NaN",
            "0.00", "-0.0", "1e127", "1E-128",
        ])
    func decimals(text: String) throws {
        let decimal = try #require(Decimal(string: text.lowercased() == "nan" ? "nan" : text) ?? Decimal.nan)
        let bytes = try Value.decimal(#require(ExactDecimal(text))).encoded()
        let read = try MessagePackDecoder.decode(Decimal.self, from: bytes)
        #expect(read == decimal || (read.isNaN && decimal.isNaN))
        let again = try MessagePackDecoder.decode(Decimal.self, from: MessagePackEncoder.encode(read))
        #expect(again == read || (again.isNaN && read.isNaN))
        #expect(Value(read).decimalValue == read || read.isNaN)
    }

    @Test(
        "Decimals that Foundation would round are refused",
        arguments: [
            "123456789012345678901234567890123456789", "1E+200", "1E-200", "Infinity", "-inf",
        ])
    func largeDecimals(text: String) throws {
        let bytes = try Value.decimal(#require(ExactDecimal(text))).encoded()
        #expect(code { _ = try MessagePackDecoder.decode(Decimal.self, from: bytes) } == .outOfRange)
        #expect(try MessagePackDecoder.decode(ExactDecimal.self, from: bytes).description == text)
        #expect(try Value(decoding: bytes).decimalValue == nil)
    }

    @Test("Data is binary data, and is read from arrays of integers, too")
    func data() throws {
        let data = Data([1, 2, 255])
        let bytes = try MessagePackEncoder.encode(["d": data])
        #expect(try Value(decoding: bytes) == ["d": .binary([1, 2, 255])])
        #expect(try MessagePackDecoder.decode([String: Data].self, from: bytes) == ["d": data])
        #expect(try MessagePackDecoder.decode(Data.self, from: MessagePackEncoder.encode([1, 2])) == Data([1, 2]))
        #expect(Value(data).dataValue == data)
        #expect(try MessagePackEncoder.encode(Data([9, 8, 7])[1...]) == hex("c4020807"))
    }

    @Test("All Foundation types work in one structure")
    func together() throws {
        struct All: Codable, Equatable {
            var date: Date, uuid: UUID, decimal: Decimal, data: Data, set: Set<UUID>, byID: [UUID: Date], none: Date?
            var url: URL
        }
        let now = Date(timeIntervalSince1970: 1_700_000_000.25)
        let all = All(
            date: now, uuid: UUID(), decimal: 1.25, data: Data([0]), set: [UUID(), UUID()], byID: [UUID(): now],
            none: nil,
            url: try #require(URL(string: "tcp://host:1/x")))
        #expect(try MessagePackDecoder.decode(All.self, from: MessagePackEncoder.encode(all)) == all)
    }

    @Test("Values are converted to what JSON can express")
    func json() throws {
        let value: Value = ["a": [1, 2.5, nil, true, "x"], "b": ["c": .uint(.max)]]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(Value.self, from: data) == value)
        let objects: Value = ["d": .date(try #require(CalendarDate("2015-11-23"))), "n": .undefined, "s": .set([1])]
        let read = try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(objects))
        #expect(read == ["d": "2015-11-23", "n": nil, "s": [1]])
        let day = try JSONDecoder().decode([CalendarDate].self, from: Data(#"["2015-11-23"]"#.utf8))
        #expect(day == [try #require(CalendarDate("2015-11-23"))])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([CalendarDate].self, from: Data(#"["x"]"#.utf8))
        }
    }
}
