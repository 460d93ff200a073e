internal import Lymph
internal import LymphFleet
internal import MessagePack

extension FuzzTarget {
    /// The arguments that a person gives to `lymph request`: JSON, then lines `name=text`. They are read with types and
    /// without.
    static let arguments = FuzzTarget(
        "arguments",
        seeds: [
            Parts.join(#"{"line": {"sku": "a", "quantity": 1}, "level": 2, "way": "walk"}"#.bytes),
            Parts.join(#"{"when": "2015-11-23T12:34:56Z", "state": "open", "price": 1.50, "pair": [1, "x"]}"#.bytes),
            Parts.join(
                #"{"x": {"__type__": "set", "_": [1, {"__type__": "Decimal", "_": "1.5"}]}}"#.bytes, "price=2".bytes),
            Parts.join("{}".bytes, "way={\"bus\": {\"line\": 1}}\nlevel=9\nstate=close".bytes),
        ],
        words: TypedName.allCases.map(\.rawValue) + TypedName.allCases.map(\.example) + [
            "\"__type__\": ", "\"_\": ", "line", "when", "state", "level", "way", "price", "pair", "loop", "ids",
        ]
    ) { input throws(BrokenProperty) in
        let parts = Parts.split(input)
        var given = GivenArguments()
        if case .object(let members)? = try? JSONParser.parse(parts.first ?? []) {
            for member in members { given[member.name] = .json(member.value) }
        }
        for line in parts.dropFirst().flatMap({ $0.split(separator: UInt8(ascii: "\n")) }) {
            guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            given[[UInt8](line[..<sign]).text] = .text([UInt8](line[(sign + 1)...]).text)
        }
        if let value = try? given.untyped() { try checkTagged(value) }
        guard let method = ArgumentTypes.method else {
            throw BrokenProperty(description: "the method's own description isn't understood")
        }
        let typed = Result { () throws(FleetFailure) in
            try TypedArguments(given, for: method, ArgumentTypes.schema)
        }
        switch typed {
        case .success(let typed): try checkShown(typed.notes)
        case .failure(let failure): try checkShown([failure.message] + failure.details)
        }
    }

    /// lymph's own format loses nothing of what a person can write.
    private static func checkTagged(_ value: Value) throws(BrokenProperty) {
        guard (try? value.encoded()) != nil else { return }
        let text = JSON(value, isTagged: true).text
        let json = try? JSONParser.parse(text.bytes)
        let again = json.flatMap { try? Value($0) }
        try demand(again == value, "\(text) is read back as \(again.map(\.description) ?? "nothing")")
        _ = JSON(value).text
    }

    private static func checkShown(_ lines: [String]) throws(BrokenProperty) {
        for line in lines { try demand(line.unicodeScalars.allSatisfy(\.isShown), "\(line) can be shown") }
    }
}

private enum ArgumentTypes {
    static let method: Inspection.Method? = {
        var description: Map = ["name": "orders.place", "params": .array(schema.parameters.map { .string($0.name) })]
        for field in schema.wireFields { description[field.name] = field.value }
        let answer: Value = ["methods": [.map(description)]]
        return (try? Inspection(answer, address: "orders", endpoint: nil))?.methods.first
    }()

    static let schema = MethodSchema(
        parameters: [
            .init("line", .named("Line")), .init("when", .optional(.scalar(.instant)), isRequired: false),
            .init("state", .named("State")), .init("level", .list(.named("Level")), isRequired: false),
            .init("way", .named("Way")), .init("price", .scalar(.decimal)), .init("loop", .named("Loop")),
            .init("pair", .tuple([.scalar(.uint64), .scalar(.bytes)])), .init("ids", .set(.scalar(.uuid))),
            .init("x", .map(key: .scalar(.int8), value: .scalar(.any))),
        ], definitions: SchemaSeeds.definitions)
}
