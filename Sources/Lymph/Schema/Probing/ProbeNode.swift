/// What one decoder was asked for.
final class ProbeNode {
    fileprivate enum Content {
        case type(TypeSchema)
        case node(ProbeNode)
    }

    private struct Entry {
        let name: String
        var content: Content
        var isRequired: Bool
    }

    let depth: Int
    private var entries: [Entry] = []
    private var elements: [Content] = []
    private var single: TypeSchema?
    /// The keys that may be missing or nil.
    private var conditional: Set<String> = []
    private var nullable: Set<String> = []
    private var isNullable = false
    private var isKeyed = false
    private var isUnkeyed = false

    /// Whether the number of elements was asked for, so that they are not fixed places.
    var isList = false
    /// Whether there are keys that can't be known.
    var isOpen = false
    /// How many forms of the value were tried.
    private(set) var attempts = 0

    init(depth: Int) { self.depth = depth }

    var isUntouched: Bool { attempts == 0 }
    var isSingle: Bool { single != nil && !isKeyed && !isUnkeyed }
    var fieldCount: Int { entries.count + elements.count + (single == nil ? 0 : 1) }

    /// The child if there is nothing else than one under this name.
    func onlyChild(_ name: String) -> ProbeNode? {
        guard entries.count == 1, entries[0].name == name, case .node(let child) = entries[0].content else {
            return nil
        }
        return child
    }
}

extension ProbeNode {
    func openMap() {
        if !isKeyed { attempts += 1 }
        isKeyed = true
    }

    func openList() {
        if !isUnkeyed { attempts += 1 }
        isUnkeyed = true
    }

    func attemptSingle() { attempts += 1 }

    func add(single schema: TypeSchema) { single = single ?? schema }

    func askedWhetherNil() { isNullable = true }

    func askedWhetherNil(_ name: String) { nullable.insert(name) }

    func askedWhetherPresent(_ name: String) { conditional.insert(name) }

    func add(_ name: String, _ schema: TypeSchema, isRequired: Bool) {
        add(name, .type(schema), isRequired: isRequired)
    }

    func addNode(_ name: String) throws(ProbeRefusal) -> ProbeNode {
        let node = try child()
        add(name, .node(node), isRequired: true)
        return node
    }

    func add(element schema: TypeSchema, isNullable: Bool) {
        elements.append(.type(isNullable ? .optional(of: schema) : schema))
    }

    func addElement() throws(ProbeRefusal) -> ProbeNode {
        let node = try child()
        elements.append(.node(node))
        return node
    }

    /// Decoders within decoders are limited like types within types.
    private func child() throws(ProbeRefusal) -> ProbeNode {
        guard depth < 2 * Probe.maximumDepth else { throw ProbeRefusal() }
        return ProbeNode(depth: depth + 1)
    }

    private func add(_ name: String, _ content: Content, isRequired: Bool) {
        guard !entries.contains(where: { $0.name == name }) else { return }
        entries.append(Entry(name: name, content: content, isRequired: isRequired))
    }
}

extension ProbeNode {
    /// The type whose decoder this was.
    ///
    /// - Parameter name: Its name, in case that it needs one.
    func schema(_ probe: Probe, isComplete: Bool, name: () -> String) -> TypeSchema {
        if isKeyed || isUntouched {
            let name = name()
            probe.define(name, .object(fields(probe, of: name)), isComplete: isComplete && !isOpen)
            return .named(name)
        }
        if isUnkeyed {
            let types = elements.map { $0.schema(probe) { "\(name()).element" } }
            if !isList, !types.isEmpty { return isComplete ? .tuple(types) : .list(.scalar(.any)) }
            return .list(Set(types).count == 1 ? types[0] : .scalar(.any))
        }
        guard let single else { return .scalar(.any) }
        return isNullable ? .optional(of: single) : single
    }

    /// The fields of an object.
    ///
    /// - Parameter name: The object's name.
    func fields(_ probe: Probe, of name: String) -> [TypeDefinition.Field] {
        entries.map { entry in
            let type = entry.content.schema(probe) { "\(name).\(entry.name)" }
            return .init(
                entry.name, nullable.contains(entry.name) ? .optional(of: type) : type,
                isRequired: entry.isRequired && !conditional.contains(entry.name))
        }
    }
}

extension ProbeNode.Content {
    fileprivate func schema(_ probe: Probe, name: () -> String) -> TypeSchema {
        switch self {
        case .type(let schema): schema
        case .node(let node): node.schema(probe, isComplete: true) { probe.uniqueName(for: name()) }
        }
    }
}

/// One run of a type's code.
final class ProbePass {
    let probe: Probe
    let root = ProbeNode(depth: 0)
    let seed: ProbeSeed
    /// The raw value of a case of the type.
    let raw: Any?
    /// Whether to refuse single values, to see what else the type tries.
    let refusesSingle: Bool
    /// Which of several keys to claim to have.
    let choice: Int

    /// The keys of which one is chosen.
    var choices: [String]?
    /// Whether the raw value was taken.
    var gaveRaw = false
    /// Whether a value was asked for that couldn't be made.
    var isBlocked = false

    init(_ probe: Probe, _ seed: ProbeSeed, raw: Any?, refusesSingle: Bool = false, choice: Int = 0) {
        self.probe = probe
        self.seed = seed
        self.raw = raw
        self.refusesSingle = refusesSingle
        self.choice = choice
    }

    /// A made-up value.
    func value<T: Decodable>(_ type: T.Type, _ note: (TypeSchema) -> Void) throws -> T {
        try probe.step()
        let (schema, value) = probe.value(type, seed)
        note(schema)
        guard let value else {
            isBlocked = true
            throw ProbeRefusal()
        }
        return value
    }
}
