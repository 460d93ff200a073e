import MessagePack

extension Value {
    /// The text that `msgpack_differential.py` makes from the same value.
    var canonicalText: String {
        switch self {
        case .nil: "nil"
        case .undefined: "undefined"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): "int(\(value))"
        case .uint(let value): "int(\(value))"
        case .float(let value): Value.double(Double(value)).canonicalText
        case .double(let value): "double(\(hexText(bigEndian(value.bitPattern))))"
        case .string(let value): "string(\(hexText(value.utf8)))"
        case .binary(let value): "binary(\(hexText(value)))"
        case .array(let values): "[\(values.map(\.canonicalText).joined(separator: ","))]"
        case .map(let map):
            "{\(map.map { "\($0.key.canonicalText):\($0.value.canonicalText)" }.joined(separator: ","))}"
        case .ext(let type, let bytes): "ext(\(type),\(hexText(bytes)))"
        case .timestamp(let value): "timestamp(\(value.seconds),\(value.nanoseconds))"
        case .datetime(let value):
            "datetime(\(dateParts(value.date)),\(timeParts(value.time)),\(value.utcOffset.map(String.init) ?? "naive"))"
        case .date(let value): "date(\(dateParts(value)))"
        case .time(let value): "time(\(timeParts(value)))"
        case .decimal(let value): "decimal(\(value))"
        case .uuid(let value): "uuid(\(hexText(bigEndian(value.high) + bigEndian(value.low))))"
        case .set(let members): "set(\(members.map(\.canonicalText).sorted().joined(separator: ",")))"
        }
    }
}

private func bigEndian(_ number: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
}

private func dateParts(_ date: CalendarDate) -> String { "\(date.year),\(date.month),\(date.day)" }

private func timeParts(_ time: TimeOfDay) -> String {
    "\(time.hour),\(time.minute),\(time.second),\(time.microsecond)"
}
