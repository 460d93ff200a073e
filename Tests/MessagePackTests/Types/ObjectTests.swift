import MessagePack
import Testing

/// Python lymph's extension objects as values and through `Codable`; the bytes are lymph's own.
@Suite("Extension objects")
struct ObjectTests {
    struct Row: Sendable {
        let value: Value
        let name: String
        let text: String
        var bytes: [UInt8] {
            hex("82a85f5f747970655f5f") + written { $0.write(name) } + hex("a15f") + written { $0.write(text) }
        }
    }

    static let rows: [Row] = [
        row(DateTime("2015-11-23T12:34:56+0530"), Value.datetime, "datetime", "2015-11-23T12:34:56+0530"),
        row(DateTime("2015-11-23T12:34:56.1-0100"), Value.datetime, "datetime", "2015-11-23T12:34:56.100000-0100"),
        row(DateTime("2015-11-23T12:34:56"), Value.datetime, "datetime", "2015-11-23T12:34:56"),
        row(CalendarDate("2015-11-23"), Value.date, "date", "2015-11-23"),
        row(TimeOfDay("12:34:56"), Value.time, "time", "12:34:56Z"),
        row(ExactDecimal("1.50"), Value.decimal, "Decimal", "1.50"),
        row(
            UniqueIdentifier("01234567-89ab-cdef-0123-456789abcdef"), Value.uuid, "UUID",
            "01234567-89ab-cdef-0123-456789abcdef"),
        Row(value: .undefined, name: "UndefinedType", text: ""),
    ]

    private static func row<T>(_ value: T?, _ make: (T) -> Value, _ name: String, _ text: String) -> Row {
        Row(value: value.map(make) ?? .nil, name: name, text: text)
    }

    @Test("Objects are written as Python lymph writes them", arguments: rows)
    func writes(row: Row) throws {
        #expect(try row.value.encoded() == row.bytes)
    }

    @Test("Objects are read as Python 3 and Python 2 write them, in either order of keys", arguments: rows)
    func reads(row: Row) throws {
        #expect(try Value(decoding: row.bytes) == row.value)
        let python2 = written {
            $0.writeMapHeader(2)
            for part in ["_", row.text, "__type__", row.name] { $0.writeBinary(utf8(part)) }
        }
        #expect(try Value(decoding: python2) == row.value)
        switch row.value {
        case .datetime(let value): #expect(try MessagePackDecoder.decode(from: python2) == value)
        case .date(let value):
            #expect(try MessagePackDecoder.decode([CalendarDate].self, from: [0x91] + python2) == [value])
        case .time(let value): #expect(try MessagePackDecoder.decode(from: python2) == value)
        case .decimal(let value): #expect(try MessagePackDecoder.decode(from: python2) == value)
        case .uuid(let value):
            #expect(try MessagePackDecoder.decode([UniqueIdentifier?].self, from: [0x91] + python2) == [value])
        default: #expect(row.value == .undefined)
        }
    }

    @Test("The fraction of a time is not sent, because Python lymph drops a message with one")
    func fraction() throws {
        let time = try #require(TimeOfDay("12:34:56.25"))
        #expect(time.description == "12:34:56.250000Z")
        #expect(try Value.time(time).encoded() == Value.time(#require(TimeOfDay("12:34:56"))).encoded())
        let whole: TimeOfDay = try MessagePackDecoder.decode(from: MessagePackEncoder.encode(time))
        #expect(whole == TimeOfDay("12:34:56"))
        #expect(try Value(decoding: Self.rows[4].bytes) == Self.rows[4].value)
    }

    @Test("A set is written as a list of its members")
    func sets() throws {
        let value = Value.set([1, "a"])
        let bytes = hex("82a85f5f747970655f5fa3736574a15f9201a161")
        #expect(try value.encoded() == bytes)
        #expect(try Value(decoding: bytes) == value)
        #expect(try Value.set([1, 1]).encoded() == hex("82a85f5f747970655f5fa3736574a15f9101"))
        #expect(try Value(decoding: hex("82a85f5f747970655f5fa3736574a15f920101")).arrayValue == [1])
    }

    @Test(
        "An unknown or malformed object stays a map",
        arguments: [
            ["__type__": "Money", "_": "5"], ["__type__": "date", "_": "yesterday"], ["__type__": "date", "_": 5],
            ["__type__": "date"], ["_": "2015-11-23"], ["__type__": nil, "_": nil],
            ["__type__": ["date"], "_": "2015-11-23"],
            ["__type__": "date", "_": "2015-11-23", "extra": 1], ["__type__": "set", "_": "ab"],
            ["__type__": "set", "_": [[1]]],
            ["__type__": "Decimal", "_": 5], ["__type__": "uuid", "_": "x"],
            ["__type__": .binary([0xff]), "_": "x"],
        ] as [Map])
    func malformed(map: Map) throws {
        let bytes = written { writer in
            writer.writeMapHeader(map.count)
            for (key, value) in map {
                writer.writeRaw((try? key.encoded()) ?? [])
                writer.writeRaw((try? value.encoded()) ?? [])
            }
        }
        #expect(try Value(decoding: bytes) == .map(map))
    }

    @Test("An embedded message is read as its content")
    func embedded() throws {
        let inner: Value = ["a": [1, 2]]
        let bytes = try Value.embedded(inner.encoded()).encoded()
        #expect(bytes.first == 0xc7 && bytes[2] == 101)
        #expect(try Value(decoding: bytes) == inner)
        #expect(try MessagePackDecoder.decode([String: [Int]].self, from: bytes) == ["a": [1, 2]])
        #expect(try bytes == written { $0.writeEmbedded(try inner.encoded()) })
        let twice = try Value.array([.embedded(bytes), 5]).encoded()
        #expect(try Value(decoding: twice) == [inner, 5])
    }

    @Test("An embedded message must be one whole value", arguments: ["c70065", "d565c0c0", "d46592", "d465c1"])
    func brokenEmbedded(bytes: String) {
        #expect(throws: MessagePackError.self) { try Value(decoding: hex(bytes)) }
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode(Int?.self, from: hex(bytes)) }
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode(Value.self, from: hex("91" + bytes)) }
    }

    @Test("Our types are objects in Codable, too")
    func codable() throws {
        struct All: Codable, Equatable {
            var datetime: DateTime, date: CalendarDate, time: TimeOfDay, decimal: ExactDecimal, uuid: UniqueIdentifier
            var set: Set<Int>, stamp: Timestamp, any: Value, map: Map, missing: CalendarDate?
        }
        let all = All(
            datetime: try #require(DateTime("2015-11-23T12:34:56.5+0100")),
            date: try #require(CalendarDate("2015-11-23")),
            time: try #require(TimeOfDay("01:02:03")), decimal: ExactDecimal(5),
            uuid: UniqueIdentifier(high: 1, low: 2),
            set: [1, 2, 3], stamp: Timestamp(seconds: 7), any: [1, .undefined], map: ["x": .set([1])], missing: nil)
        let bytes = try MessagePackEncoder.encode(all)
        #expect(try MessagePackDecoder.decode(All.self, from: bytes) == all)
        let value = try Value(decoding: bytes)
        #expect(value["datetime"] == .datetime(all.datetime))
        #expect(value["uuid"] == .uuid(all.uuid))
        #expect(value["set"] == .set([1, 2, 3]))
        #expect(value["stamp"] == .timestamp(all.stamp))
        #expect(value["any"] == all.any)
    }

    @Test("A malformed object is an error where its type is requested")
    func malformedTyped() throws {
        let bytes = hex("82a85f5f747970655f5fa464617465a15fa178")
        #expect(code { _ = try MessagePackDecoder.decode(CalendarDate.self, from: bytes) } == .malformedObject)
        #expect(code { _ = try MessagePackDecoder.decode(TimeOfDay.self, from: bytes) } == .typeMismatch)
        #expect(code { _ = try MessagePackDecoder.decode(CalendarDate.self, from: hex("05")) } == .typeMismatch)
    }
}
