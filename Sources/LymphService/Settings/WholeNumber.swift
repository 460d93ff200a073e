internal import Lymph

/// An integer in a configuration that must be within limits.
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

/// A number of bytes in a configuration that must be within limits, and may have a unit.
struct Size<Limits: NumberLimits>: DescribedConfiguration {
    let value: Int

    static var allowed: String {
        "\(ByteCount.allowed); at least \(ByteCount(Limits.range.lowerBound))"
    }

    init(from decoder: any Decoder) throws {
        let part = try Configuration(from: decoder)
        guard let size = try? part.decode(ByteCount.self), Limits.range.contains(size.bytes) else {
            throw part.mismatch(allowed: Self.allowed)
        }
        value = size.bytes
    }
}

/// The limits of a ``WholeNumber`` or a ``Size``.
protocol NumberLimits {
    static var range: ClosedRange<Int> { get }
}

/// A count of at least one.
enum AtLeastOne: NumberLimits {
    static let range = 1...Int.max
}

/// The size of a message: the frames around a body need some room.
enum MessageBytes: NumberLimits {
    static let range = 8192...Int.max
}

/// The number of processes that run one command.
enum ProcessCount: NumberLimits {
    static let range = 0...1000
}

/// A port chosen by a person, so not 0.
enum ChosenPort: NumberLimits {
    static let range = 1...65_535
}
