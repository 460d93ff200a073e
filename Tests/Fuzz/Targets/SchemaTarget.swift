internal import Lymph
internal import LymphFleet
internal import MessagePack

extension FuzzTarget {
    /// What a service says about its methods.
    static let schema = FuzzTarget(
        "schema", seeds: SchemaSeeds.all,
        words: [
            "methods", "name", "params", "help", "version", "types", "defaults", "returns", "raises", "idempotent",
            "defs", "optional", "list", "set", "map", "tuple", "ref", "opaque", "object", "choice", "enum", "alias",
            "more", "string", "int64", "decimal",
        ]
    ) { input throws(BrokenProperty) in
        guard let value = try? Value(decoding: input) else { return }
        if let inspection = try? Inspection(value, address: "echo", endpoint: nil) {
            let text = inspection.json.text
            try demand((try? JSONParser.parse(text.bytes, isStrict: false)) != nil, "\(text) is JSON")
            for method in inspection.methods { try check(method) }
        }
        try checkType(TypeSchema(wire: value))
    }

    private static func checkType(_ type: TypeSchema) throws(BrokenProperty) {
        try demand(TypeSchema(wire: type.wire) == type, "\(type) is read back")
        try demand(type.mentioned.count <= 5000, "\(type.mentioned.count) types are mentioned")
    }

    private static func check(_ method: Inspection.Method) throws(BrokenProperty) {
        _ = (method.interface, method.shortName)
        guard let schema = method.schema else { return }
        _ = (schema.signature(method.shortName), schema.notes)
        guard schema.areParametersKnown else { return }
        let fields = Map(schema.wireFields.map { (.string($0.name), $0.value) })
        guard let again = MethodSchema(.map(fields), parameters: method.parameters) else {
            throw BrokenProperty(description: "\(fields) is read back")
        }
        try demand(again.parameters == schema.parameters, "the parameters of \(fields) are read back")
        try demand(again.result == schema.result && again.raises == schema.raises, "\(fields) is read back")
    }
}

/// Answers to `lymph.inspect`.
enum SchemaSeeds {
    static let all: [[UInt8]] = [answer(MethodSchema(arguments, definitions)), answer(nil), type, reply([])]

    private static let arguments: [(String, TypeSchema)] = [
        ("line", .named("Line")), ("when", .optional(.scalar(.instant))), ("tags", .set(.scalar(.string))),
        ("prices", .map(key: .scalar(.string), value: .scalar(.decimal))),
        ("pair", .tuple([.scalar(.any), .opaque("X")])),
    ]

    static let definitions: [TypeDefinition] = [
        .init(
            "Line",
            .object([
                .init("sku", .named("SKU")), .init("quantity", .scalar(.int8)),
                .init("note", .scalar(.string), isRequired: false),
            ])),
        .init("SKU", .alias(.scalar(.string))), .init("State", .texts(["open", "closed"])),
        .init("Level", .numbers([1, 2])),
        .init("Way", .choice([.init("walk"), .init("bus", [.init("line", .scalar(.int64))])])),
        .init("Partly", .object([.init("a", .list(.named("Partly")))]), isComplete: false),
        .init("Loop", .alias(.named("Loop"))),
    ]

    private static let type =
        (try? TypeSchema.map(key: .named("A"), value: .optional(.list(.opaque("B")))).wire.encoded()) ?? []

    private static func answer(_ schema: MethodSchema?) -> [UInt8] {
        var method: Map = ["name": "echo.upper", "version": "1.5.0", "help": "Help.", "params": ["line", "when"]]
        for field in schema?.wireFields ?? [] { method[field.name] = field.value }
        return reply([.map(method)])
    }

    private static func reply(_ methods: [Value]) -> [UInt8] {
        (try? Value.map(["methods": .array(methods)]).encoded()) ?? []
    }
}

extension MethodSchema {
    fileprivate init(_ arguments: [(String, TypeSchema)], _ definitions: [TypeDefinition]) {
        self.init(
            parameters: arguments.map { ParameterSchema($0.0, $0.1) }, result: .named("State"),
            raises: [.init("OutOfStock", [.init("sku", .scalar(.string))])], isIdempotent: true,
            definitions: definitions)
    }
}
