public import Lymph

/// The configuration of a process, merged from files, environment and command line.
///
/// ```swift
/// let configuration = try ProcessConfiguration.load(file: nil)
/// let client = Client(
///     registry: try configuration.registry(), configuration: try configuration.peerConfiguration())
/// ```
public struct ProcessConfiguration: Sendable {
    /// The whole tree, with variables and references replaced.
    public package(set) var root: Configuration

    /// The files that were read, in order: the node's, then the process's own.
    public let files: [String]

    /// Harmless oddities, such as keys that only Python lymph uses.
    public let warnings: [String]

    /// Mistakes in the files that can be seen without knowing what the values are for.
    package let mistakes: ConfigurationMistakes

    private let environment: [String: String]

    /// Reads a configuration in the same way as Python lymph.
    ///
    /// The file is `file`, else the one that `LYMPH_CONFIG` names, else `.lymph.yml` if it exists. A process that was
    /// started by a node first takes some sections (`container`, `registry`, `event_system`, `plugins`,
    /// `dependencies`) from the file that `LYMPH_NODE_CONFIG` names; keys in the process's own file replace those of
    /// the node's in the same section. The address to listen on is `container.ip`, else `LYMPH_NODE_IP`, else
    /// 127.0.0.1.
    ///
    /// - Parameters:
    ///   - file: The file, if the command line names one.
    ///   - variables: The values of `$(var.path)`: texts `path=value`, or files. If there are none, `LYMPH_VARS` may
    ///     name one.
    ///   - environment: The environment variables.
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes that can be seen without knowing what the values are
    ///   for.
    public static func load(
        file: String?, variables: [String] = [], environment: [String: String]
    ) throws(ConfigurationError) -> ProcessConfiguration {
        let configuration = try read(file: file, variables: variables, environment: environment)
        try configuration.mistakes.check()
        return configuration
    }

    /// The same for a program that looks for further mistakes, and reports them together with ``mistakes``.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` if a file can't be read at all.
    package static func read(
        file: String?, variables: [String] = [], environment: [String: String]
    ) throws(ConfigurationError) -> ProcessConfiguration {
        var loader = ConfigurationLoader(environment: environment)
        try loader.load(file: file, variables: variables)
        return ProcessConfiguration(
            root: loader.root, files: loader.files, warnings: loader.warnings, mistakes: loader.mistakes,
            environment: environment)
    }

    /// - Parameter found: The mistakes found in the parts that the caller uses.
    /// - Throws: All of these together with ``mistakes``, if there are any.
    package func check(_ found: ConfigurationMistakes) throws(ConfigurationError) {
        var all = mistakes
        all.add(consequences: found)
        try all.check()
    }

    /// The process's name in logs: `LYMPH_SERVICE_NAME`, which a node sets, else `name`.
    public var serviceName: String? {
        environment["LYMPH_SERVICE_NAME"].flatMap { $0.isEmpty ? nil : $0 } ?? root["name"]?.node.text
    }

    /// Sets a value from the command line.
    ///
    /// - Parameters:
    ///   - path: The keys, joined by dots.
    ///   - text: The text that was typed.
    ///   - option: The option, as it is typed.
    package mutating func set(_ path: String, to text: String, option: String) {
        root.node.set(path, ConfigurationNode(.text(text), at: .init(.option(option)), isUntyped: true))
    }
}
