/// Finds out what types consist of, by letting them decode themselves from a decoder that has no data: it notes what
/// is asked for and answers with made-up values.
///
/// Each type runs a few times at most, and only as far as it gets with made-up values. Depth and number of steps are
/// limited, because types may contain themselves and the code of a type may do anything.
final class Probe {
    /// The named types found so far.
    private(set) var definitions: [TypeDefinition] = []
    private var findings: [ObjectIdentifier: ProbeFinding] = [:]
    /// The types that are being examined, which are around the one that asks. They have a value once they were read.
    private var open: [ObjectIdentifier: Any?] = [:]
    private var names: [ObjectIdentifier: String] = [:]
    private var usedNames: Set<String> = []
    private var stepsLeft: Int

    static let maximumDepth = 8
    static let maximumDefinitions = 250

    init(steps: Int = 20_000) { stepsLeft = steps }

    func schema(of type: Any.Type) -> TypeSchema {
        if type == Void.self { return .scalar(.nil) }
        if let type = type as? any ProbeKnown.Type { return type.schema(self) }
        guard let type = type as? any Decodable.Type else { return .opaque(Self.name(of: type)) }
        return finding(for: type).schema
    }

    /// The fields of a type that decodes as an object; none for any other.
    func fields(of type: Any.Type) -> [TypeDefinition.Field] {
        guard case .named(let name) = schema(of: type), case .object(let fields)? = definition(name)?.shape else {
            return []
        }
        return fields
    }

    /// Counts one step of a type's code.
    func step() throws(ProbeRefusal) {
        guard stepsLeft > 0 else { throw ProbeRefusal() }
        stepsLeft -= 1
    }

    /// The schema of a type, and a value of it if it can be made.
    func value<T: Decodable>(_ type: T.Type, _ seed: ProbeSeed) -> (schema: TypeSchema, value: T?) {
        if let known = type as? any ProbeKnown.Type {
            return (known.schema(self), known.sample(seed).flatMap { $0 as? T })
        }
        let finding = finding(for: type)
        return (finding.schema, finding.value as? T)
    }

    private func finding<T: Decodable>(for type: T.Type) -> ProbeFinding {
        let id = ObjectIdentifier(type)
        if let finding = findings[id] { return finding }
        // A type within itself.
        if let value = open[id] { return ProbeFinding(schema: .named(uniqueName(of: type)), value: value) }
        guard open.count < Self.maximumDepth, definitions.count < Self.maximumDefinitions, stepsLeft > 0 else {
            return ProbeFinding(schema: .opaque(Self.name(of: type)), value: nil)
        }
        open[id] = .some(nil)
        var finding = ProbeExamination(type, self).finding()
        open[id] = nil
        if let name = names[id], finding.schema != .named(name) {
            // It contains itself, but is no object.
            define(name, .alias(finding.schema), isComplete: true)
            finding.schema = .named(name)
        }
        findings[id] = finding
        return finding
    }

    /// Notes a value of a type that is still being examined, for where the type contains itself.
    func note<T>(_ value: T) { open[ObjectIdentifier(T.self)] = .some(value) }

    func define(_ name: String, _ shape: TypeDefinition.Shape, isComplete: Bool) {
        definitions.append(TypeDefinition(name, shape, isComplete: isComplete))
    }

    private func definition(_ name: String) -> TypeDefinition? { definitions.first { $0.name == name } }

    static func name(of type: Any.Type) -> String { String("\(type)".prefix(100)) }

    /// The name of a definition: the type's, with the types or the module around it if another type has that name.
    func uniqueName(of type: Any.Type) -> String {
        let id = ObjectIdentifier(type)
        if let name = names[id] { return name }
        let qualified = String(String(reflecting: type).prefix(100))
        let isReadable = !qualified.contains("(unknown context")
        let name = uniqueName(for: Self.name(of: type), isReadable ? [qualified] : [])
        names[id] = name
        return name
    }

    /// A name that no other definition has.
    func uniqueName(for name: String, _ alternatives: [String] = []) -> String {
        var numbered = (2...).lazy.map { "\(name)\($0)" }.makeIterator()
        var candidates = ([name] + alternatives).makeIterator()
        while let candidate = candidates.next() ?? numbered.next() {
            if usedNames.insert(candidate).inserted { return candidate }
        }
        return name
    }
}

/// What was found out about a type.
struct ProbeFinding {
    var schema: TypeSchema
    /// A value of the type; nil if none could be made.
    var value: Any?
}

/// Why a decoder without data doesn't answer.
struct ProbeRefusal: Error {}
