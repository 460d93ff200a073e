internal import Lymph
internal import LymphFleet

/// What a word of a command line may become, from what a fleet says. Names that a shell would have to quote are left
/// out.
enum Candidates {
    /// The services that may be meant by the beginning of a subject.
    static func services(of names: [String], for word: String) -> [String] {
        names.filter { $0.isPlain && ($0.hasPrefix(word) || word.hasPrefix($0 + ".")) }.sorted()
    }

    /// The subjects of the methods that a process has. The built-in interface is offered only if asked for.
    static func subjects(in inspection: Inspection, for word: String) -> [String] {
        Set(inspection.methods.map(\.name)).filter { $0.isPlain && $0.hasPrefix(word) }
            .filter { word.hasPrefix(BuiltinInterface.name + ".") || !$0.hasPrefix(BuiltinInterface.name + ".") }
            .sorted()
    }

    /// The arguments of a method that aren't there yet, as `name=`; after the sign, its values if they are few.
    ///
    /// - Parameters:
    ///   - given: The arguments that are there already.
    ///   - isValueOnly: Whether the shell completes what follows the sign as a word of its own.
    static func arguments(
        of method: Inspection.Method, given: [String], for word: String, isValueOnly: Bool
    ) -> [String] {
        if let sign = word.firstIndex(of: "=") {
            let name = String(word[..<sign])
            let parameter = method.schema?.parameters.first { $0.name == name }
            let values = parameter?.type.map { Self.values(of: $0, in: method.schema?.definitions ?? []) } ?? []
            return values.filter(\.isPlain).map { isValueOnly ? $0 : "\(name)=\($0)" }
        }
        return method.parameters.filter { name in name.isPlain && !given.contains { $0.hasPrefix(name + "=") } }
            .map { $0 + "=" }
    }

    private static func values(of type: TypeSchema, in definitions: [TypeDefinition]) -> [String] {
        switch type {
        case .scalar(.bool): return ["true", "false"]
        case .optional(let type): return values(of: type, in: definitions)
        case .named(let name):
            switch definitions.first(where: { $0.name == name })?.shape {
            case .texts(let texts): return texts
            case .numbers(let numbers): return numbers.map(String.init)
            case .choice(let variants): return variants.filter { $0.fields.isEmpty }.map(\.name)
            case .object, .alias, nil: return []
            }
        default: return []
        }
    }
}

extension String {
    /// Whether a shell takes the text for one word as it is. The text comes from strangers.
    fileprivate var isPlain: Bool {
        !isEmpty && unicodeScalars.allSatisfy { $0.properties.isXIDContinue || "._-@".unicodeScalars.contains($0) }
    }
}
