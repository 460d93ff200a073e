internal import MessagePack

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A set of made-up values. A type that refuses one set may accept another.
struct ProbeSeed {
    let text: String
    let number: Int8
    let flag: Bool

    static let all = [
        ProbeSeed(text: "", number: 0, flag: false), ProbeSeed(text: "1", number: 1, flag: true),
        ProbeSeed(text: "a", number: 10, flag: true), ProbeSeed(text: "http://localhost/", number: 100, flag: false),
    ]
}

/// A type that MessagePack reads in a way of its own, so that its `init(from:)` says nothing.
protocol ProbeKnown {
    static func schema(_ probe: Probe) -> TypeSchema
    /// A value that can be read.
    static func sample(_ seed: ProbeSeed) -> Self?
}

// Not only of decodable elements: a result need not be decodable.
extension Optional: ProbeKnown {
    static func schema(_ probe: Probe) -> TypeSchema { .optional(of: probe.schema(of: Wrapped.self)) }
    static func sample(_ seed: ProbeSeed) -> Wrapped?? { .some(nil) }
}

extension Array: ProbeKnown {
    static func schema(_ probe: Probe) -> TypeSchema {
        Element.self == UInt8.self ? .scalar(.bytes) : .list(probe.schema(of: Element.self))
    }
    static func sample(_ seed: ProbeSeed) -> [Element]? { [] }
}

extension Set: ProbeKnown {
    static func schema(_ probe: Probe) -> TypeSchema { .set(probe.schema(of: Element.self)) }
    static func sample(_ seed: ProbeSeed) -> Set<Element>? { [] }
}

extension Dictionary: ProbeKnown {
    static func schema(_ probe: Probe) -> TypeSchema {
        .map(key: probe.schema(of: Key.self), value: probe.schema(of: Value.self))
    }
    static func sample(_ seed: ProbeSeed) -> [Key: Value]? { [:] }
}

/// A known type of values without parts.
protocol ProbeScalar: ProbeKnown {
    static var scalar: TypeSchema.Scalar { get }
}

extension ProbeScalar {
    static func schema(_ probe: Probe) -> TypeSchema { .scalar(scalar) }
}

extension ProbeScalar where Self: FixedWidthInteger {
    static func sample(_ seed: ProbeSeed) -> Self? { Self(seed.number) }
}

extension Int: ProbeScalar { static var scalar: TypeSchema.Scalar { .int64 } }
extension Int8: ProbeScalar { static var scalar: TypeSchema.Scalar { .int8 } }
extension Int16: ProbeScalar { static var scalar: TypeSchema.Scalar { .int16 } }
extension Int32: ProbeScalar { static var scalar: TypeSchema.Scalar { .int32 } }
extension Int64: ProbeScalar { static var scalar: TypeSchema.Scalar { .int64 } }
extension UInt: ProbeScalar { static var scalar: TypeSchema.Scalar { .uint64 } }
extension UInt8: ProbeScalar { static var scalar: TypeSchema.Scalar { .uint8 } }
extension UInt16: ProbeScalar { static var scalar: TypeSchema.Scalar { .uint16 } }
extension UInt32: ProbeScalar { static var scalar: TypeSchema.Scalar { .uint32 } }
extension UInt64: ProbeScalar { static var scalar: TypeSchema.Scalar { .uint64 } }

extension Bool: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .bool }
    static func sample(_ seed: ProbeSeed) -> Bool? { seed.flag }
}

extension Double: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .number }
    static func sample(_ seed: ProbeSeed) -> Double? { Double(seed.number) }
}

extension Float: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .number }
    static func sample(_ seed: ProbeSeed) -> Float? { Float(seed.number) }
}

extension String: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .string }
    static func sample(_ seed: ProbeSeed) -> String? { seed.text }
}

extension Value: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .any }
    static func sample(_ seed: ProbeSeed) -> Value? { Value.nil }
}

extension Map: ProbeKnown {
    static func schema(_ probe: Probe) -> TypeSchema { .map(key: .scalar(.any), value: .scalar(.any)) }
    static func sample(_ seed: ProbeSeed) -> Map? { [:] }
}

extension Data: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .bytes }
    static func sample(_ seed: ProbeSeed) -> Data? { Data() }
}

extension Decimal: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .decimal }
    static func sample(_ seed: ProbeSeed) -> Decimal? { Decimal(Int(seed.number)) }
}

extension ExactDecimal: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .decimal }
    static func sample(_ seed: ProbeSeed) -> ExactDecimal? { ExactDecimal(Int(seed.number)) }
}

extension UUID: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .uuid }
    static func sample(_ seed: ProbeSeed) -> UUID? { UniqueIdentifier.sample(seed).map(UUID.init) }
}

extension UniqueIdentifier: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .uuid }
    static func sample(_ seed: ProbeSeed) -> UniqueIdentifier? { UniqueIdentifier(high: 0, low: UInt64(seed.number)) }
}

extension Date: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .instant }
    static func sample(_ seed: ProbeSeed) -> Date? { Timestamp.sample(seed).map(Date.init) }
}

extension DateTime: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .datetime }
    static func sample(_ seed: ProbeSeed) -> DateTime? { DateTime(secondsSince1970: Int64(seed.number)) }
}

extension CalendarDate: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .date }
    static func sample(_ seed: ProbeSeed) -> CalendarDate? { CalendarDate(daysSince1970: Int(seed.number)) }
}

extension TimeOfDay: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .time }
    static func sample(_ seed: ProbeSeed) -> TimeOfDay? { TimeOfDay(hour: 0, minute: 0, second: 0) }
}

extension Timestamp: ProbeScalar {
    static var scalar: TypeSchema.Scalar { .timestamp }
    static func sample(_ seed: ProbeSeed) -> Timestamp? { Timestamp(seconds: Int64(seed.number)) }
}
