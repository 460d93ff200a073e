public import Lymph

/// The configuration of a process: files, environment and command line, put together.
///
/// ```swift
/// let configuration = try ProcessConfiguration.load(file: nil)
/// let client = Client(
///     registry: try configuration.registry(), configuration: try configuration.containerConfiguration())
/// ```
public struct ProcessConfiguration: Sendable {
    /// The whole tree, without variables and references: they are replaced by what they stand for.
    public package(set) var root: Configuration

    /// The files that were read, in this order: the node's, then the process's own.
    public let files: [String]

    /// What is strange but does no harm: keys that only Python lymph has a use for, for example.
    public let warnings: [String]

    /// What is wrong in the files, as far as that can be seen without knowing what the values are for.
    package let mistakes: ConfigurationMistakes

    private let environment: [String: String]

    /// Reads a configuration as Python lymph does.
    ///
    /// The file is `file`, else the one that `LYMPH_CONFIG` names, else `.lymph.yml` if there is one. Before it, a process that a
    /// node started takes some sections (`container`, `registry`, `event_system`, `plugins`, `dependencies`) from the file
    /// that `LYMPH_NODE_CONFIG` names; keys of the process's own file replace those of the node's in the same section. The
    /// address to listen at is `container.ip`, else `LYMPH_NODE_IP`, else 127.0.0.1.
    ///
    /// - Parameters:
    ///   - file: The file, if the command line names one.
    ///   - variables: What `$(var.path)` stands for: texts `path=value`, or files. If there are none, `LYMPH_VARS` may name one.
    ///   - environment: The environment variables.
    /// - Throws: ``ConfigurationError`` with all mistakes that can be seen without knowing what the values are for.
    public static func load(
        file: String?, variables: [String] = [], environment: [String: String]
    ) throws(ConfigurationError) -> ProcessConfiguration {
        let configuration = try read(file: file, variables: variables, environment: environment)
        try configuration.mistakes.check()
        return configuration
    }

    /// Does the same for a program that goes on looking for ``mistakes``, and reports all of them together.
    ///
    /// - Throws: ``ConfigurationError`` if there is a file that can't be read at all.
    package static func read(
        file: String?, variables: [String] = [], environment: [String: String]
    ) throws(ConfigurationError) -> ProcessConfiguration {
        var loader = ConfigurationLoader(environment: environment)
        try loader.load(file: file, variables: variables)
        return ProcessConfiguration(
            root: loader.root, files: loader.files, warnings: loader.warnings, mistakes: loader.mistakes,
            environment: environment)
    }

    /// - Parameter found: What was found in the parts that are of use to the caller.
    /// - Throws: All of that together with ``mistakes``, if there is anything.
    package func check(_ found: ConfigurationMistakes) throws(ConfigurationError) {
        var all = mistakes
        all.add(consequences: found)
        try all.check()
    }

    /// What the process is called in logs: `LYMPH_SERVICE_NAME`, which a node sets, else `name`.
    public var serviceName: String? {
        environment["LYMPH_SERVICE_NAME"].flatMap { $0.isEmpty ? nil : $0 } ?? root["name"]?.node.text
    }

    /// Sets a value from the command line.
    ///
    /// - Parameters:
    ///   - path: The keys, joined by dots.
    ///   - text: What was typed.
    ///   - option: The option, as it is typed.
    package mutating func set(_ path: String, to text: String, option: String) {
        root.node.set(path, ConfigurationNode(.text(text), at: .init(.option(option)), isUntyped: true))
    }
}
