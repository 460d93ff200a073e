internal import MessagePack

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Configuration {
    /// Returns the value at a path.
    ///
    /// - Parameters:
    ///   - path: Keys joined by dots.
    ///   - type: Any `Decodable` type. A `Duration` is a number of seconds, or a number with a unit: `500ms`, `2s`, `5m`, `1h`.
    /// - Throws: ``ConfigurationError`` if the value is absent or not of the type.
    public func get<T: Decodable>(_ path: String, as type: T.Type = T.self) throws(ConfigurationError) -> T {
        guard let part = self[path] else { throw makeMissingError(path, type) }
        return try part.decode(type)
    }

    /// Returns the value at a path, or a default if the path is absent.
    ///
    /// - Throws: ``ConfigurationError`` if there is a value, but not of the default's type.
    public func get<T: Decodable>(_ path: String, default: T) throws(ConfigurationError) -> T {
        try self[path]?.decode(T.self) ?? `default`
    }

    /// Decodes the whole configuration as a type.
    ///
    /// A property `maxItems` takes the key `maxItems` or `max_items`. A key that the type doesn't know is an error,
    /// except `class`, which belongs to the container. A type that asks for all keys, as dictionaries do, knows every
    /// key.
    ///
    /// - Throws: ``ConfigurationError`` that names every missing and every unknown key, and every wrong value. To
    ///   find them all, a value with mistakes is decoded more than once, with `1` or `"x"` in place of what is wrong.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws(ConfigurationError) -> T {
        try decode(type, startingFrom: nil)
    }

    /// Decodes a property's value.
    ///
    /// - Parameter value: The property's default.
    func decode<T: Decodable>(
        _ type: T.Type, startingFrom value: ConfigurationDefaults?
    ) throws(ConfigurationError) -> T {
        if let builtin = try decodeDirectly(type) { return builtin }
        let defaults = try makeDefaults(of: type, startingFrom: value)
        let repairs = ConfigurationRepairs()
        var mistakes = ConfigurationMistakes()
        while true {
            let decoder = ConfigurationDecoder(configuration: self, repairs: repairs, defaults: defaults)
            let value: T
            do {
                value = try T(from: decoder)
            } catch let error as ConfigurationError {
                mistakes.add(error)
                guard repairs.repair(error) else { throw mistakes.makeError() }
                continue
            } catch {
                // Once something was replaced, an error from the type's own code may be about the replacement.
                throw mistakes.isEmpty ? makeExplainedError(error, type) : mistakes.makeError()
            }
            mistakes.attempt { () throws(ConfigurationError) in
                try decoder.reading.refuseUnknownKeys(of: self, except: repairs.misspelled)
            }
            try mistakes.check()
            return value
        }
    }

    /// The error for anything else that the `init(from:)` of a type threw.
    private func makeExplainedError<T>(_ error: any Error, _ type: T.Type) -> ConfigurationError {
        guard case DecodingError.dataCorrupted(let context) = error else {
            // The error may quote the value.
            return self.error("can't be read as \(T.self)" + (isSecret ? "" : ": \(error)"))
        }
        if let cases = ConfigurationScalars.cases(of: type) { return mismatch(allowed: cases) }
        return isSecret ? mismatch(allowed: "a \(T.self)") : self.error(context.debugDescription)
    }

    /// Types whose own `Decodable` format is not what a person writes in a file.
    private func decodeDirectly<T>(_ type: T.Type) throws(ConfigurationError) -> T? {
        if type == Configuration.self { return self as? T }
        if type == Duration.self { return try duration() as? T }
        if type == URL.self {
            guard let url = URL(string: try text()), url.scheme != nil else { throw mismatch(allowed: "a URL") }
            return url as? T
        }
        return nil
    }

    func makeMissingError(_ key: String, _ type: Any.Type) -> ConfigurationError {
        // The place is that of the innermost map that exists.
        if let dot = key.firstIndex(of: "."), let child = child(String(key[..<dot])) {
            return child.makeMissingError(String(key[key.index(after: dot)...]), type)
        }
        return ConfigurationError(
            at: origin, pathOf(key), ConfigurationError.Problem.missing,
            allowed: ConfigurationScalars.allowed(for: type),
            nearest: NearNames.of(key, among: keys))
    }
}

extension Configuration: Codable {
    /// Keeps a part of a configuration as it is, for properties whose keys are not known beforehand.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? ConfigurationDecoder {
            decoder.reading.everyKey()
            self = decoder.configuration
        } else {
            self.init(try decoder.singleValueContainer().decode(MessagePack.Value.self))
        }
    }
    /// Writes the plain values, secrets included.
    public func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
    }
}
