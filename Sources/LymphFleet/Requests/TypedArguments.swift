package import Lymph
package import MessagePack

/// The arguments of a request, read as its method's types have them.
package struct TypedArguments: Sendable {
    package let body: Value
    /// What a person should know although the request can be sent.
    package let notes: [String]

    /// - Throws: ``FleetFailure`` with all mistakes, if there are any.
    package init(_ given: GivenArguments, for method: Inspection.Method, _ schema: MethodSchema) throws(FleetFailure) {
        var reader = TypedReader(schema.definitions)
        var map = Map()
        let known = Dictionary(schema.parameters.map { ($0.name, $0) }) { first, _ in first }
        // A misspelled name is one mistake, not a strange argument and a missing one.
        var meant: Set<String> = []
        for name in given.names {
            guard let argument = given[name] else { continue }
            guard let parameter = known[name] else {
                reader.add("there is no parameter \(name)", NearNames.question(name, method.parameters))
                meant.formUnion(NearNames.of(name, among: method.parameters))
                continue
            }
            let type = parameter.type ?? .scalar(.any)
            map[name] = reader.value(argument.json(isText: reader.isText(type)), as: type, at: name)
        }
        for parameter in schema.parameters where parameter.isRequired && given[parameter.name] == nil {
            guard parameter.type?.isOptional != true, !meant.contains(parameter.name) else { continue }
            reader.add("\(parameter.name)\(parameter.typeText) is missing")
        }
        if !reader.mistakes.isEmpty { throw Self.failure(reader.mistakes, method, schema) }
        body = .map(map)
        notes = reader.notes
    }

    /// How many mistakes are listed.
    private static let mostMistakes = 20

    private static func failure(
        _ mistakes: [String], _ method: Inspection.Method, _ schema: MethodSchema
    ) -> FleetFailure {
        let signature = ([schema.signature(method.shortName)] + schema.definitions.map { "  \($0.name): \($0.text)" })
            .map { "  " + $0.shown }
        guard mistakes.count > 1 else {
            return FleetFailure(.invalidJSON, "\(method.name): \(mistakes[0])", details: signature)
        }
        let listed = mistakes.prefix(mostMistakes).map { "  " + $0 }
        let more = mistakes.count > mostMistakes ? ["  and \(mistakes.count - mostMistakes) more"] : []
        return FleetFailure(
            .invalidJSON, "\(method.name): \(mistakes.count) mistakes in the arguments",
            details: listed + more + [""] + signature)
    }
}
