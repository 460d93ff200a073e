internal import MessagePack

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension FuzzTarget {
    /// MessagePack that is decoded as types.
    static let coding = FuzzTarget(
        "coding", seeds: ValueSeeds.all + CodingSeeds.all,
        words: ValueSeeds.words + ["a", "b", "c", "d", "e", "walk", "bus", "line"]
    ) { input throws(BrokenProperty) in
        try checkCoding(Record.self, input)
        try checkCoding(Way.self, input)
        try checkCoding([String: Record?].self, input)
        try checkCoding([Int: Double].self, input)
        try checkCoding(Set<UniqueIdentifier>.self, input)
        try checkCoding([CalendarDate].self, input)
        try checkCoding([[UInt8]].self, input)
        try checkCoding([Int8?].self, input)
        try checkCoding([Date].self, input)
        try checkCoding([Decimal].self, input)
        try checkCoding([Value].self, input)
        try checkCoding(Map.self, input)
        // It reads everything with the containers of `Codable`, and has nothing to write.
        _ = try decode(Anything.self, input)
    }

    private static func checkCoding<T: Codable>(_ type: T.Type, _ input: [UInt8]) throws(BrokenProperty) {
        guard let decoded = try decode(type, input) else { return }
        guard let bytes = try? MessagePackEncoder.encode(decoded), let value = try? Value(decoding: bytes) else {
            return
        }
        guard let again = try decode(type, bytes) else {
            throw BrokenProperty(description: "\(type) \(value) can't be decoded again")
        }
        guard let bytes = try? MessagePackEncoder.encode(again) else {
            throw BrokenProperty(description: "\(type) \(value) can't be encoded again")
        }
        // Dictionaries have their keys in any order.
        try demand((try? Value(decoding: bytes)) == value, "\(type) \(value) is decoded and encoded again")
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ input: [UInt8]) throws(BrokenProperty) -> T? {
        do {
            return try MessagePackDecoder.decode(type, from: input)
        } catch {
            try demand(error is MessagePackError || error is DecodingError, "\(error) is none of the decoder's errors")
            return nil
        }
    }
}

/// Encoded values of the types.
enum CodingSeeds {
    static let all: [[UInt8]] = [
        encoded(Record(a: 1, b: [Record(a: -1)], c: DateTime("2015-11-23T12:34:56Z"), d: [1, 2], e: .bus(line: 7))),
        encoded(["x": Record(a: nil)]), encoded([1: 1.5, -1: 2]), encoded([[1, 2], []] as [[UInt8]]),
        encoded([Date(timeIntervalSince1970: 0.25)]), encoded([Decimal(string: "1.50") ?? 0]), encoded(Way.walk),
    ]

    private static func encoded(_ value: some Encodable) -> [UInt8] { (try? MessagePackEncoder.encode(value)) ?? [] }
}

private struct Record: Codable {
    var a: Int?
    var b: [Record]?
    var c: DateTime?
    var d: Set<UInt8>?
    var e: Way?
}

private enum Way: Codable {
    case walk
    case bus(line: Int)
}

/// Walks through any message with the containers of `Codable`.
private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: AnyKey.self) {
            for key in container.allKeys {
                if try !container.decodeNil(forKey: key) { _ = try container.decode(Anything.self, forKey: key) }
            }
        } else if var container = try? decoder.unkeyedContainer() {
            while !container.isAtEnd {
                if try !container.decodeNil() { _ = try container.decode(Anything.self) }
            }
        } else {
            _ = try decoder.singleValueContainer().decode(Value.self)
        }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int?

        init(stringValue: String) { self.stringValue = stringValue }

        init(intValue: Int) {
            self.intValue = intValue
            stringValue = "\(intValue)"
        }
    }
}
