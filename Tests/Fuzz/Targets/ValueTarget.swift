internal import MessagePack

extension FuzzTarget {
    /// Any MessagePack value.
    static let value = FuzzTarget("value", seeds: ValueSeeds.all, words: ValueSeeds.words) {
        input throws(BrokenProperty) in
        try checkLimits(input)
        guard let value = try? Value(decoding: input) else { return }
        let end = try? Reader.withReader(over: input) { reader in
            try reader.skip()
            return reader.position
        }
        try demand(end == input.count, "what is read can be skipped")
        try demand(value.description.utf8.count <= 8192, "a description is short")
        guard let encoded = try? value.encoded() else { return }
        guard let again = try? Value(decoding: encoded) else {
            throw BrokenProperty(description: "\(value) can't be read back")
        }
        let sent = value.withoutFractions
        try demand(again == sent && again.hashValue == sent.hashValue, "\(value) is read back as \(again)")
        try demand((try? again.encoded()) == encoded, "\(value) is written the same again")
    }

    private static func checkLimits(_ input: [UInt8]) throws(BrokenProperty) {
        let limits = MessagePackLimits(depth: input.count % 9, elements: input.count % 31)
        guard let value = try? Value(decoding: input, limits: limits) else { return }
        let (depth, elements) = value.size
        try demand(depth <= limits.depth, "a depth of \(depth), \(limits.depth) are allowed")
        try demand(elements <= limits.elements ?? 0, "\(elements) elements, \(limits.elements ?? 0) are allowed")
        if let whole = try? Value(decoding: input) { try demand(whole == value, "limits change nothing") }
    }
}

extension Value {
    /// The value as it is sent: times of day lose their fractions.
    fileprivate var withoutFractions: Value {
        switch self {
        case .time(let time):
            TimeOfDay(hour: time.hour, minute: time.minute, second: time.second).map(Value.time) ?? self
        case .array(let values): .array(values.map(\.withoutFractions))
        case .set(let values): .set(values.map(\.withoutFractions))
        case .map(let map): .map(Map(map.map { ($0.key.withoutFractions, $0.value.withoutFractions) }))
        default: self
        }
    }

    /// How deeply it is nested, and the number of elements, keys and values in it.
    fileprivate var size: (depth: Int, elements: Int) {
        let parts: [Value] =
            switch self {
            case .array(let values), .set(let values): values
            case .map(let map): map.flatMap { [$0.key, $0.value] }
            default: []
            }
        let isContainer = arrayValue != nil || mapValue != nil
        let sizes = parts.map(\.size)
        return (
            (sizes.map(\.depth).max() ?? 0) + (isContainer ? 1 : 0),
            parts.count + sizes.map(\.elements).reduce(0, +)
        )
    }
}
