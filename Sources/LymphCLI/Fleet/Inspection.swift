internal import Lymph
internal import MessagePack

/// What a service says about its methods.
struct Inspection: Equatable, Sendable {
    struct Method: Equatable, Sendable {
        /// `interface.method`
        var name: String
        /// Nil for an interface without versions.
        var version: String?
        var parameters: [String]
        var help: String

        /// The part before the last dot, with the version.
        var interface: String {
            let interface = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
            return version.map { "\(interface)@\($0)" } ?? interface
        }

        /// The part after the last dot.
        var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }
    }

    /// Who was asked.
    let address: String
    /// Who has answered.
    let endpoint: String?
    let methods: [Method]

    /// - Throws: ``Failure`` if the answer is no list of methods.
    init(_ reply: Message, address: String) throws(Failure) {
        let body: Value
        do { body = try reply.body } catch { throw Failure(.invalidReply, "the answer can't be read: \(error)") }
        try self.init(body, address: address, endpoint: reply.source?.description)
    }

    init(_ body: Value, address: String, endpoint: String?) throws(Failure) {
        guard let methods = body["methods"]?.arrayValue else {
            throw Failure(.invalidReply, "\(address) doesn't describe its methods: it sent \(body)")
        }
        self.address = address
        self.endpoint = endpoint
        self.methods = methods.compactMap(Method.init).sorted { ($0.interface, $0.name) < ($1.interface, $1.name) }
    }

    /// The lines for a person: the built-in interface comes last.
    func lines(width: Int) -> [Line] {
        let isBuiltin = { (interface: String) in interface.prefix { $0 != "@" } == "lymph" }
        let interfaces = Set(methods.map(\.interface))
        let sorted = interfaces.filter { !isBuiltin($0) }.sorted() + interfaces.filter(isBuiltin).sorted()
        var lines: [Line] = ["RPC interfaces of \(address, .bold)"]
        if let endpoint, endpoint != address { lines[0] += " at \(endpoint)" }
        for interface in sorted {
            lines += ["", Line(interface, .bold)]
            for method in methods where method.interface == interface {
                lines += Self.lines(of: method, width: width)
            }
        }
        return lines
    }

    private static func lines(of method: Method, width: Int) -> [Line] {
        let parameters = method.parameters.map { Line($0, .yellow) }.joined(separator: ", ")
        let head: Line = "  rpc \(method.shortName, .red)(\(parameters))"
        let help = method.help.split(separator: "\n", omittingEmptySubsequences: false)
        return [head]
            + help.flatMap { line -> [Line] in
                // Python's docstrings are indented where their author wanted it.
                let margin = "      " + line.prefix { $0 == " " }
                let text = line.drop { $0 == " " }.shown
                return text.isEmpty ? [] : text.wrapped(to: max(20, width - margin.count)).map { Line(margin + $0) }
            }
    }

    var json: JSON {
        [
            "address": .string(address), "endpoint": .optional(endpoint),
            "methods": .array(
                methods.map { method in
                    [
                        "name": .string(method.name), "version": .optional(method.version),
                        "params": .array(method.parameters.map(JSON.string)), "help": .string(method.help),
                    ]
                }),
        ]
    }
}

extension Inspection.Method {
    /// Reads one element of the list; nil if it has no name.
    fileprivate init?(_ value: Value) {
        guard let name = value["name"]?.stringValue else { return nil }
        self.name = name
        // Python writes the text "None".
        version = value["version"]?.stringValue.flatMap { $0 == "None" || $0.isEmpty ? nil : $0 }
        parameters = value["params"]?.arrayValue?.compactMap(\.stringValue) ?? []
        help = value["help"]?.stringValue ?? ""
    }
}
