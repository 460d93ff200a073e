package import Lymph
package import MessagePack

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension JSON {
    /// Converts a value to JSON.
    ///
    /// Values that JSON can't express become their text, which is what a method takes that wants such a value. Map
    /// keys that are not strings become their JSON text, as in Python's `json`.
    ///
    /// - Parameter isTagged: Whether to write lymph's own format instead, ``TypedName``. Then nothing is lost except the
    ///   difference between 32-bit and 64-bit floats.
    package init(_ value: MessagePack.Value, isTagged: Bool = false) {
        let text = { (name: TypedName, text: String) in isTagged ? name(.string(text)) : JSON.string(text) }
        switch value {
        case .nil: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .integer(value)
        case .uint(let value): self = Int64(exactly: value).map(JSON.integer) ?? .unsigned(value)
        case .float(let value): self = JSON(float: Double(value), value.description) ?? text(.float, Self.name(value))
        case .double(let value): self = JSON(float: value, value.description) ?? text(.float, Self.name(value))
        case .string(let value): self = .string(value)
        case .binary(let bytes): self = text(.bytes, Data(bytes).base64EncodedString())
        case .array(let values): self = .array(values.map { JSON($0, isTagged: isTagged) })
        case .map(let map):
            self = .object(
                map.map { Member(name: Self.name($0.key, isTagged), value: JSON($0.value, isTagged: isTagged)) })
        case .ext(let type, let bytes): self = text(.ext, "\(type):\(Data(bytes).base64EncodedString())")
        case .timestamp(let value): self = text(.timestamp, value.description)
        case .datetime(let value): self = text(.datetime, value.description)
        case .date(let value): self = text(.date, value.description)
        case .time(let value): self = text(.time, value.description)
        case .decimal(let value): self = text(.decimal, value.description)
        case .uuid(let value): self = text(.uuid, value.description)
        case .set(let values):
            let array = JSON.array(values.map { JSON($0, isTagged: isTagged) })
            self = isTagged ? TypedName.set(array) : array
        case .undefined: self = isTagged ? TypedName.undefined("") : .null
        }
    }

    /// Nil if the number isn't finite.
    ///
    /// - Parameter text: The shortest text of the number in its original precision.
    private init?(float value: Double, _ text: String) {
        guard value.isFinite else { return nil }
        self = .double(Double(text) ?? value)
    }

    /// The name of a number that isn't finite.
    private static func name(_ value: some BinaryFloatingPoint) -> String {
        value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    private static func name(_ key: MessagePack.Value, _ isTagged: Bool) -> String {
        key.stringValue ?? JSON(key, isTagged: isTagged).text
    }
}

extension Value {
    /// Converts JSON that a person wrote.
    ///
    /// - Throws: ``FleetFailure`` that names the part of the document.
    package init(_ json: JSON) throws(FleetFailure) { try self.init(json, at: "") }

    /// - Parameter path: The place of the value in the document, for messages.
    init(_ json: JSON, at path: String) throws(FleetFailure) {
        switch json {
        case .null: self = .nil
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .int(value)
        case .unsigned(let value): self = .uint(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .array(try Value.list(values, at: path))
        case .object(let members):
            if json[TypedName.typeKey] != nil {
                self = try Value.typed(members, at: path)
            } else {
                var map = Map()
                for member in members { map[member.name] = try Value(member.value, at: path + "." + member.name) }
                self = .map(map)
            }
        }
    }

    private static func list(_ values: [JSON], at path: String) throws(FleetFailure) -> [Value] {
        var list: [Value] = []
        for (index, value) in values.enumerated() { list.append(try Value(value, at: path + "[\(index)]")) }
        return list
    }

    private static func typed(_ members: [JSON.Member], at path: String) throws(FleetFailure) -> Value {
        let object = JSON.object(members)
        let place = path.isEmpty ? "the document" : path
        guard case .string(let text) = object[TypedName.typeKey], let name = TypedName(rawValue: text) else {
            let names = TypedName.allCases.map(\.rawValue).joined(separator: ", ")
            let found = object[TypedName.typeKey]?.text ?? ""
            throw FleetFailure(.invalidJSON, "\(place): there is no __type__ \(found); allowed: \(names)")
        }
        guard members.count == 2, let payload = object[TypedName.valueKey] else {
            throw FleetFailure(
                .invalidJSON, "\(place): next to __type__, only \"_\" with the value is allowed",
                advice: name(.string("…")).text)
        }
        if name == .set, case .array(let values) = payload {
            return .set(try list(values, at: path + "._"))
        }
        guard case .string(let text) = payload, let value = name.value(of: text) else {
            throw FleetFailure(
                .invalidJSON, "\(place): \(payload.text) is not a value of type \(name.rawValue)",
                advice: "it looks like \(name.example)")
        }
        return value
    }
}

extension TypedName {
    /// Reads the text of a value; nil if it is not well formed.
    func value(of text: String) -> Value? {
        switch self {
        case .datetime: DateTime(text).map(Value.datetime)
        case .date: CalendarDate(text).map(Value.date)
        case .time: TimeOfDay(text).map(Value.time)
        case .decimal: ExactDecimal(text).map(Value.decimal)
        case .uuid: UniqueIdentifier(text).map(Value.uuid)
        case .undefined: text.isEmpty ? .undefined : nil
        case .bytes: Self.base64(text).map(Value.binary)
        case .float:
            ["NaN": Value.double(.nan), "Infinity": .double(.infinity), "-Infinity": .double(-.infinity)][text]
        case .timestamp: Timestamp(text).map(Value.timestamp)
        case .ext: Self.ext(text)
        case .set: nil
        }
    }

    private static func base64(_ text: some StringProtocol) -> [UInt8]? {
        Data(base64Encoded: String(text)).map { [UInt8]($0) }
    }

    private static func ext(_ text: String) -> Value? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let type = Int8(parts[0]), let bytes = base64(parts[1]) else { return nil }
        return .ext(type: type, bytes: bytes)
    }
}
