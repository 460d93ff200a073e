/// Settings with defaults, read from a section of a configuration.
///
/// ```swift
/// struct OrdersSettings: ConfigurationSection {
///     var maxLines = 5                       // max_lines in the file, or else 5
///     var timeout = Duration.seconds(2)      // 500ms, 2s, 5m, or a number of seconds
///     var cache = ByteCount.mebibytes(64)    // 64MiB, 1GB, or a number of bytes
///     var retry = Retry()                    // a section in the section
///     @Required var region: String           // a file without it is a mistake
/// }
/// let settings: OrdersSettings = try context.configuration.decode()
/// ```
///
/// A key that is absent leaves the property as `init()` made it. A key that is present must be right: a wrong value is
/// a mistake and never becomes the default.
///
/// - A property that is a struct is read key by key, from its default: the keys of `retry` that the file leaves out stay as
///   they are in `Retry()`. Lists and dictionaries are replaced as a whole.
/// - A struct that has no default to start from (one in a list, a dictionary or an optional that is nil) starts from its own
///   `init()` if it is a `ConfigurationSection`; otherwise it needs all of its keys.
/// - A key without a value (`cache:`) makes an optional nil, whatever its default, and is a mistake for other types.
/// - A constant with a value (`let limit = 5`) is no setting, as with any `Decodable` type.
///
/// The defaults are found by encoding a new value, so the keys must be the same in both directions, as those that the
/// compiler writes are, also with `CodingKeys` of your own.
public protocol ConfigurationSection: Codable, Sendable {
    /// Creates the settings with their defaults.
    init()
}

extension Configuration {
    /// The values to start from when a section is read as a type.
    ///
    /// - Parameter value: The default of the property for which it is read.
    func makeDefaults<T>(
        of type: T.Type, startingFrom value: ConfigurationDefaults?
    ) throws(ConfigurationError) -> ConfigurationDefaults? {
        // The keys of a dictionary are its content, so that a default one would add to it.
        if ConfigurationScalars.isCollection(type) { return nil }
        if let value, value.isMap { return value }
        guard let section = type as? any ConfigurationSection.Type else { return nil }
        do {
            return try ConfigurationDefaults(of: section.init())
        } catch {
            throw self.error("the defaults of \(T.self) can't be encoded: \(error)")
        }
    }
}
