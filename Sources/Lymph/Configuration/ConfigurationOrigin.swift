/// Where a configuration value was written.
package struct ConfigurationOrigin: Sendable, Hashable, CustomStringConvertible {
    package enum Source: Sendable, Hashable {
        case file(String, line: Int, column: Int)
        case environment(String)
        /// An option of the command line, as it is typed: `--port`.
        case option(String)
        /// Source code, such as a literal in a test.
        case code
        /// A default that nobody wrote.
        case builtin
    }

    package var source: Source

    /// The variables that were substituted in the value, as they were written: `$(env.HOST)`.
    package var variables: [String] = []

    package init(_ source: Source, variables: [String] = []) {
        self.source = source
        self.variables = variables
    }

    package static let code = ConfigurationOrigin(.code)

    package static func file(_ path: String, line: Int, column: Int = 1) -> ConfigurationOrigin {
        .init(.file(path, line: line, column: column))
    }

    /// The place, for people: `conf/echo.yml:12`, `LYMPH_NODE_IP`, `--port`.
    package var description: String {
        let place =
            switch source {
            case .file(let path, let line, _): "\(path):\(line)"
            case .environment(let name): "environment variable \(name)"
            case .option(let name): "option \(name)"
            case .code: "code"
            case .builtin: "default"
            }
        return variables.isEmpty ? place : "\(place), \(variables.joined(separator: ", "))"
    }
}
