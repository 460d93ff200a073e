/// The command line: pairs of `--name value`.
public struct Arguments: Sendable {
    private var values: [String: String] = [:]

    public init(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else { fail("what is \(name)?") }
            values[String(name.dropFirst(2))] = value
        }
    }

    public subscript(name: String, default fallback: String) -> String { values[name] ?? fallback }

    public subscript<T: LosslessStringConvertible>(name: String, default fallback: T) -> T {
        guard let text = values[name] else { return fallback }
        guard let value = T(text) else { fail("--\(name) can't be \(text)") }
        return value
    }
}
