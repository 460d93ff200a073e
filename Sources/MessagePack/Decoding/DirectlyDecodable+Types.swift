extension Value: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Value {
        try reader.readValue()
    }
}

extension Map: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Map {
        let start = reader.offset
        _ = try reader.peek()
        guard reader.isNextMap, case .map(let map) = try reader.readValue() else {
            throw reader.mismatch("a map that is no extension object", at: start)
        }
        return map
    }
}

extension Timestamp: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Timestamp {
        try reader.readTimestamp()
    }
}

extension DateTime: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> DateTime {
        try reader.readObject(.datetime, DateTime.init(text:))
    }
}

extension CalendarDate: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> CalendarDate {
        try reader.readObject(.date, CalendarDate.init(text:))
    }
}

extension TimeOfDay: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> TimeOfDay {
        try reader.readObject(.time, TimeOfDay.init(text:))
    }
}

extension ExactDecimal: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> ExactDecimal {
        try reader.readObject(.decimal, ExactDecimal.init(text:))
    }
}

extension UniqueIdentifier: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> UniqueIdentifier {
        try reader.readObject(.uuid, UniqueIdentifier.init(text:))
    }
}

extension Bool: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Bool {
        try reader.readBool()
    }
}

extension String: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> String {
        try reader.readString()
    }
}

extension Double: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Double {
        try reader.readDouble()
    }
}

extension Float: DirectlyDecodable {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Float {
        try reader.readFloat()
    }
}

extension Int: DirectlyDecodable {}
extension Int8: DirectlyDecodable {}
extension Int16: DirectlyDecodable {}
extension Int32: DirectlyDecodable {}
extension Int64: DirectlyDecodable {}
extension UInt: DirectlyDecodable {}
extension UInt8: DirectlyDecodable {}
extension UInt16: DirectlyDecodable {}
extension UInt32: DirectlyDecodable {}
extension UInt64: DirectlyDecodable {}

extension DirectlyDecodable where Self: FixedWidthInteger {
    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Self {
        try reader.readInteger(Self.self)
    }
}
