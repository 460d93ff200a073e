import Lymph
import MessagePack
import Testing

@testable import LymphFleet

struct JSONValueTests {
    @Test(arguments: [
        (#"{"__type__": "date", "_": "2015-11-23"}"#, CalendarDate("2015-11-23").map(Value.date)),
        (
            #"{"__type__": "datetime", "_": "2015-11-23T12:34:56+0530"}"#,
            DateTime("2015-11-23T12:34:56+0530").map(Value.datetime)
        ),
        (#"{"__type__": "time", "_": "12:34:56Z"}"#, TimeOfDay("12:34:56Z").map(Value.time)),
        (#"{"__type__": "Decimal", "_": "1.50"}"#, ExactDecimal("1.50").map(Value.decimal)),
        (
            #"{"__type__": "UUID", "_": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#,
            UniqueIdentifier("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").map(Value.uuid)
        ),
        (#"{"__type__": "set", "_": [1, "a"]}"#, .set([1, "a"])),
        (#"{"__type__": "UndefinedType", "_": ""}"#, .undefined),
        (#"{"__type__": "bytes", "_": "AQID"}"#, .binary([1, 2, 3])),
        (#"{"__type__": "ext", "_": "5:AQ=="}"#, .ext(type: 5, bytes: [1])),
        (#"{"__type__": "float", "_": "-Infinity"}"#, .double(-.infinity)),
        (#"{"__type__": "float", "_": "NaN"}"#, .double(.nan)),
        (
            #"{"__type__": "timestamp", "_": "1.500000000"}"#,
            Timestamp(seconds: 1, nanoseconds: 500_000_000).map(Value.timestamp)
        ),
        (#"{"__type__": "float", "_": "Infinity"}"#, .double(.infinity)),
        (#"[1, 1.0, null, 18446744073709551615]"#, .array([.int(1), .double(1), .nil, .uint(.max)])),
    ])
    func knowsLymphsTypes(text: String, value: Value?) throws {
        let value = try #require(value)
        let read = try Value(JSONParser.parse(Array(text.utf8)))
        #expect(read == value)
        #expect("\(read)" == "\(value)")
        let back = try Value(JSONParser.parse(Array(JSON(value, isTagged: true).text.utf8)))
        #expect(back == value)
    }

    @Test(arguments: [
        (#"{"a": [{"__type__": "date", "_": "2015-13-01"}]}"#, ".a[0]: \"2015-13-01\" is not a value of type date"),
        (#"{"__type__": "nix", "_": ""}"#, "there is no __type__ \"nix\"; allowed: "),
        (#"{"__type__": "date"}"#, "next to __type__"),
        (#"{"__type__": "date", "_": "2015-11-23", "x": 1}"#, "next to __type__"),
        (#"{"__type__": "set", "_": "x"}"#, "not a value of type set"),
        (#"{"__type__": "bytes", "_": "%"}"#, "not a value of type bytes"),
        (#"{"__type__": "ext", "_": "300:AQ=="}"#, "ext"),
    ])
    func namesWhatIsNoValue(text: String, message: String) throws {
        let json = try JSONParser.parse(Array(text.utf8))
        let failure = #expect(throws: FleetFailure.self) { try Value(json) }
        #expect(failure?.kind == .invalidJSON)
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    }

    @Test("plain JSON has the text of values that it can't express")
    func plain() throws {
        let date = try #require(CalendarDate("2015-11-23"))
        let value: Value = [
            .date(date), .decimal(ExactDecimal(2)), .set([1]), .undefined, .binary([1, 2, 3]), .double(.nan),
            .float(-.infinity),
            .float(0.1), .ext(type: 5, bytes: [1]), .map([.decimal(ExactDecimal(1)): 1]),
        ]
        #expect(
            JSON(value).text
                == #"["2015-11-23", "2", [1], null, "AQID", "NaN", "-Infinity", 0.1, "5:AQ==", {"\"1\"": 1}]"#)
    }

    @Test func keysThatAreNoStringsAreShownAsJSON() {
        let map: Value = .map([.int(1): "a", .bool(true): "b", "c": .float(0.1)])
        #expect(JSON(map).text == #"{"1": "a", "c": 0.1, "true": "b"}"#)
    }
}
