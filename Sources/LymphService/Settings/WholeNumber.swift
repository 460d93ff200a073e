internal import Lymph

/// A whole number of a configuration between two limits.
struct WholeNumber<Limits: NumberLimits>: DescribedConfiguration {
    let value: Int

    static var allowed: String {
        let range = Limits.range
        return "a whole number from \(range.lowerBound)" + (range.upperBound == .max ? "" : " to \(range.upperBound)")
    }

    init(from decoder: any Decoder) throws {
        let part = try Configuration(from: decoder)
        value = try part.decode()
        guard Limits.range.contains(value) else { throw part.mismatch(allowed: Self.allowed) }
    }
}

/// What a ``WholeNumber`` may be.
protocol NumberLimits {
    static var range: ClosedRange<Int> { get }
}

/// A number of things of which there is at least one.
enum AtLeastOne: NumberLimits {
    static let range = 1...Int.max
}

/// The bytes of a message: the frames around a body need some room.
enum MessageBytes: NumberLimits {
    static let range = 8192...Int.max
}

/// How many processes may run one command.
enum ProcessCount: NumberLimits {
    static let range = 0...1000
}

/// A port that somebody chooses.
enum ChosenPort: NumberLimits {
    static let range = 1...65_535
}
