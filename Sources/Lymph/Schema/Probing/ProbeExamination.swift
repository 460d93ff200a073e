/// Examines one type: lets it decode itself until enough is known.
struct ProbeExamination<T: Decodable> {
    private let probe: Probe
    private let raws: [Any]

    init(_ type: T.Type, _ probe: Probe) {
        self.probe = probe
        raws = Self.raws(of: type) ?? []
    }

    func finding() -> ProbeFinding {
        let (pass, value) = best()
        if let choices = pass.choices { return choice(of: choices) }
        if pass.gaveRaw, value != nil, let shape = enumeration, !acceptsOthers {
            let name = probe.uniqueName(of: T.self)
            probe.define(name, shape, isComplete: true)
            return ProbeFinding(schema: .named(name), value: value)
        }
        if pass.root.isSingle, value != nil, hasAlternatives { return ProbeFinding(schema: opaque, value: value) }
        if pass.root.isUntouched, value == nil { return ProbeFinding(schema: opaque, value: nil) }
        let schema = pass.root.schema(probe, isComplete: value != nil) { probe.uniqueName(of: T.self) }
        return ProbeFinding(schema: schema, value: value)
    }

    private var opaque: TypeSchema { .opaque(Probe.name(of: T.self)) }

    private func run(_ pass: ProbePass) -> (pass: ProbePass, value: T?) {
        let value = try? T(from: ProbeDecoder(pass: pass, node: pass.root))
        if let value { probe.note(value) }
        return (pass, value)
    }

    /// The pass that succeeded or, if the type refuses all made-up values, came farthest.
    private func best() -> (pass: ProbePass, value: T?) {
        var best: (pass: ProbePass, value: T?)?
        for seed in ProbeSeed.all {
            let next = run(ProbePass(probe, seed, raw: raws.first))
            if next.value != nil || next.pass.choices != nil { return next }
            if best.map({ $0.pass.root.fieldCount < next.pass.root.fieldCount }) ?? true { best = next }
            if next.pass.isBlocked || next.pass.root.isUntouched { break }
        }
        return best ?? run(ProbePass(probe, ProbeSeed.all[0], raw: nil))
    }

    // MARK: Enums of raw values

    private static func raws(of type: T.Type) -> [Any]? {
        if let type = type as? any (CaseIterable & RawRepresentable).Type { return listed(type) }
        if let type = type as? any RawRepresentable.Type { return all(type) }
        return nil
    }

    private static func listed<R: CaseIterable & RawRepresentable>(_ type: R.Type) -> [Any]? { R.listedRawCases }
    private static func all<R: RawRepresentable>(_ type: R.Type) -> [Any]? { R.rawCases }

    private var enumeration: TypeDefinition.Shape? {
        let texts = raws.compactMap { $0 as? String }
        if texts.count == raws.count { return .texts(texts) }
        let numbers = raws.compactMap { ($0 as? any BinaryInteger).flatMap { Int64(exactly: $0) } }
        return numbers.count == raws.count ? .numbers(numbers) : nil
    }

    /// Whether the type takes other values than those of its cases, too.
    private var acceptsOthers: Bool {
        let numbers = Set(raws.compactMap { $0 as? any BinaryInteger }.compactMap { Int64(exactly: $0) })
        let other = (0...Int8.max).first { !numbers.contains(Int64($0)) } ?? 0
        let seed = ProbeSeed(text: "\u{1}other", number: other, flag: true)
        return run(ProbePass(probe, seed, raw: nil)).value != nil
    }

    // MARK: Other forms

    /// Whether the type tries something else when its first attempt fails, so that one form isn't all.
    private var hasAlternatives: Bool {
        let pass = run(ProbePass(probe, ProbeSeed.all[0], raw: nil, refusesSingle: true)).pass
        return pass.root.attempts > 1
    }

    /// One of several keys, if that is how the type uses them; otherwise an object that may have any of them.
    private func choice(of names: [String]) -> ProbeFinding {
        var value: T?
        func pass(_ place: Int) -> ProbePass {
            let next = run(ProbePass(probe, ProbeSeed.all[0], raw: nil, choice: place))
            value = value ?? next.value
            return next.pass
        }
        var passes = names.indices.map(pass)
        // A case that contains the type itself can be read when another case has been.
        if value != nil { for place in names.indices where passes[place].isBlocked { passes[place] = pass(place) } }
        let name = probe.uniqueName(of: T.self)
        let isComplete = !passes.contains(where: \.isBlocked) && value != nil
        let variants = zip(names, passes).map { variant, pass -> TypeDefinition.Variant? in
            pass.root.onlyChild(variant).map { .init(variant, $0.fields(probe, of: "\(name).\(variant)")) }
        }
        if variants.allSatisfy({ $0 != nil }) {
            probe.define(name, .choice(variants.compactMap(\.self)), isComplete: isComplete)
        } else {
            var fields: [TypeDefinition.Field] = []
            for field in passes.flatMap({ $0.root.fields(probe, of: name) })
            where !fields.contains(where: { $0.name == field.name }) {
                fields.append(.init(field.name, field.type, isRequired: false))
            }
            probe.define(name, .object(fields), isComplete: isComplete)
        }
        return ProbeFinding(schema: .named(name), value: value)
    }
}
