/// A type that describes what may be written for it.
package protocol DescribedConfiguration: Decodable {
    static var allowed: String { get }
}

/// A type around a value that is written as if it were alone.
protocol WrappedSetting {
    static var content: Any.Type { get }
}

/// Decodes scalars as Swift's types.
enum ConfigurationScalars {
    /// What may be written where a type is expected, for error messages.
    static func allowed(for type: Any.Type) -> String? {
        switch type {
        case is String.Type, is String?.Type: "a string"
        case is Bool.Type, is Bool?.Type: "true or false"
        case is Double.Type, is Float.Type, is Double?.Type: "a number"
        case is Duration.Type, is Duration?.Type: duration
        case let type as any FixedWidthInteger.Type: range(of: type)
        case let type as any DescribedConfiguration.Type: type.allowed
        case let type as any WrappedSetting.Type: allowed(for: type.content)
        case is any ConfigurationList.Type: "a list"
        case is any ConfigurationMap.Type, is any ConfigurationSection.Type: "a map"
        default: cases(of: type)
        }
    }

    /// Whether a type is a list or dictionary of the standard library.
    static func isCollection(_ type: Any.Type) -> Bool {
        type is any ConfigurationList.Type || type is any ConfigurationMap.Type
    }

    /// The values of an enumeration with raw values; nil for other types.
    static func cases(of type: Any.Type) -> String? {
        (type as? any (CaseIterable & RawRepresentable).Type).map { names(of: $0) }
    }

    private static func names<T: CaseIterable & RawRepresentable>(of type: T.Type) -> String {
        type.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
    }

    static let duration = "a time in seconds, or with a unit: 500ms, 2s, 5m, 1h"

    /// The range of an integer type.
    static func range<T: FixedWidthInteger>(of type: T.Type) -> String {
        T.bitWidth >= 64 ? "a whole number" : "a whole number from \(T.min) to \(T.max)"
    }
}

private protocol ConfigurationList {}
extension Array: ConfigurationList {}

private protocol ConfigurationMap {}
extension Dictionary: ConfigurationMap {}

extension Configuration {
    func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ConfigurationError) -> T {
        switch node.content {
        case .integer(let value):
            if let value = T(exactly: value) { return value }
        case .text(let text) where node.isUntyped:
            if let value = T(text) { return value }
        default: break
        }
        throw mismatch(allowed: ConfigurationScalars.range(of: type))
    }

    func number() throws(ConfigurationError) -> Double {
        switch node.content {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        case .text(let text) where node.isUntyped:
            if let value = Double(text) { return value }
        default: break
        }
        throw mismatch(allowed: "a number")
    }

    func bool() throws(ConfigurationError) -> Bool {
        switch node.content {
        case .bool(let value): return value
        case .text(let text) where node.isUntyped:
            switch text.lowercased() {
            case "true", "yes", "on": return true
            case "false", "no", "off": return false
            default: break
            }
        default: break
        }
        throw mismatch(allowed: "true or false")
    }

    func text() throws(ConfigurationError) -> String {
        switch node.content {
        case .text(let text): return text
        case .bool, .integer, .number: throw mismatch(allowed: "a string: put it in quotes")
        default: throw mismatch(allowed: "a string")
        }
    }

    func duration() throws(ConfigurationError) -> Duration {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
        var seconds: Double?
        switch node.content {
        case .integer(let value): seconds = Double(value)
        case .number(let value): seconds = value
        case .text(let text):
            // "ms" comes before "s" in the list, because the first matching suffix is used.
            if let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }), !unit.isEmpty || node.isUntyped {
                let digits = text.dropLast(unit.count).trimmingSpaces()
                // Swift also parses "infinity" and hexadecimal text as numbers; people don't mean those.
                if digits.allSatisfy({ $0.isNumber || $0 == "." }) { seconds = Double(digits).map { $0 * factor } }
            }
        default: break
        }
        guard let seconds, (0...1e9).contains(seconds) else {
            throw mismatch(allowed: ConfigurationScalars.duration)
        }
        return .seconds(seconds)
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
