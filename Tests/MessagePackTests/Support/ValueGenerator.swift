import MessagePack

/// Makes random values, the same ones for the same seed.
///
/// They stay within what Python lymph can express: no map with keys that Python considers equal, no time with a
/// fraction, no year before 1000, which it writes without leading zeros.
struct ValueGenerator {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private static let integerEdges: [Int64] = {
        let edges: [Int64] = [
            0, 32, -32, 127, 128, -128, 255, 256, 32767, -32768, 65535, 0x8000_0000, -0x8000_0000, 0x1_0000_0000,
        ]
        return edges.flatMap { [$0 - 1, $0, $0 + 1] } + [.max, .min]
    }()
    private static let lengthEdges = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 255, 256, 257]
    private static let doubles: [Double] = [
        0.0, -0.0, 1, -1.5, 0.1, 1e300, .leastNonzeroMagnitude, .infinity, -.infinity, .nan,
    ]
    private static let timestampEdges: [Int64] = [
        0, 1, -1, 0xffff_ffff, 0x1_0000_0000, 0x3_ffff_ffff, 0x4_0000_0000, .min, .max,
    ]
    private static let letters = Array("abcXYZ 0189\"\\\n\u{0}éß€中\u{d7ff}\u{fffd}😀\u{10ffff}")

    mutating func value(depth: Int = 0) -> Value {
        if depth < 4, random.chance(depth == 0 ? 0.6 : 0.3) {
            switch random.below(8) {
            case 0...2: return .array(elements(depth))
            case 3...5: return .map(Map((0..<length()).map { _ in (key(), value(depth: depth + 1)) }))
            case 6: return .set((0..<length()).map { _ in key() })
            default: return .embedded((try? value(depth: depth + 1).encoded()) ?? [0xc0])
            }
        }
        return scalar()
    }

    private mutating func elements(_ depth: Int) -> [Value] { (0..<length()).map { _ in value(depth: depth + 1) } }

    private mutating func length() -> Int { random.chance(0.03) ? random.pick(Self.lengthEdges) : random.below(5) }

    private mutating func scalar() -> Value {
        switch random.below(17) {
        case 0: return .nil
        case 1: return .bool(random.chance(0.5))
        case 2, 3: return integer()
        case 4: return double()
        case 5: return .float(Float.random(in: -1e6...1e6, using: &random))
        case 6, 7: return string()
        case 8: return binary()
        case 9: return ext()
        case 10: return timestamp()
        case 11: return .datetime(datetime())
        case 12: return .date(date())
        case 13: return .time(time(fraction: false))
        case 14: return decimal()
        case 15: return .uuid(UniqueIdentifier(high: random.next(), low: random.next()))
        default: return .undefined
        }
    }

    private mutating func key() -> Value {
        switch random.below(7) {
        case 0...2: string()
        case 3: binary()
        case 4: .int(Int64.random(in: 2...1 << 40, using: &random))
        case 5: .date(date())
        default: .uuid(UniqueIdentifier(high: random.next(), low: random.next()))
        }
    }

    private mutating func integer() -> Value {
        if random.chance(0.1) { return .uint(random.pick([1 << 63, .max])) }
        if random.chance(0.5) { return .int(random.pick(Self.integerEdges)) }
        return .int(Int64(truncatingIfNeeded: random.next()) >> Int64(random.below(64)))
    }

    private mutating func double() -> Value {
        .double(random.chance(0.5) ? random.pick(Self.doubles) : Double.random(in: -1e6...1e6, using: &random))
    }

    private mutating func string() -> Value { .string(String((0..<length()).map { _ in random.pick(Self.letters) })) }

    private mutating func binary() -> Value { .binary((0..<length()).map { _ in UInt8(random.below(256)) }) }

    private mutating func ext() -> Value {
        .ext(type: Int8(random.below(100)), bytes: (0..<length()).map { _ in UInt8(random.below(256)) })
    }

    private mutating func timestamp() -> Value {
        let seconds: Int64 = random.pick(Self.timestampEdges)
        return Timestamp(seconds: seconds, nanoseconds: random.pick([0, 1, 999_999_999])).map(Value.timestamp) ?? .nil
    }

    private mutating func datetime() -> DateTime {
        let offset = random.chance(0.7) ? (random.below(2879) - 1439) * 60 : nil
        let (day, clock) = (date(), time(fraction: true))
        return DateTime(date: day, time: clock, utcOffset: offset) ?? DateTime(date: day, time: clock)
    }

    private mutating func date() -> CalendarDate {
        // From 1000-01-01 to 9999-12-31, so there is always a day.
        let days = Int.random(in: -354_285...2_932_896, using: &random)
        guard let date = CalendarDate(daysSince1970: days) else { preconditionFailure("no day \(days)") }
        return date
    }

    private mutating func time(fraction: Bool) -> TimeOfDay {
        let microsecond = fraction ? random.pick([0, 0, 1, 500_000, 999_999]) : 0
        guard
            let time = TimeOfDay(
                hour: random.below(24), minute: random.below(60), second: random.below(60), microsecond: microsecond)
        else { preconditionFailure("no such time") }
        return time
    }

    private mutating func decimal() -> Value {
        let special = ["NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "0", "-0", "0.00", "1E+5", "-1.5E-30", "1E+400"]
        let text =
            random.chance(0.4)
            ? random.pick(special) : "\(random.chance(0.5) ? "-" : "")\(random.below(1000) + 1).\(random.next())"
        return ExactDecimal(text).map(Value.decimal) ?? .nil
    }
}
