/// Finds the method that a request asks for.
struct Router: Sendable {
    /// One version of an interface.
    struct Entry: Sendable {
        let version: Version?
        let handlers: [String: Handler]
    }

    /// The result of a search.
    enum Match {
        /// - Parameter subject: The number of the subject, for the ``AccessTable``.
        case handler(Handler, version: Version?, subject: Int)
        /// No method; the text says what is missing.
        case none(String)
    }

    // Sorted: an interface without a version first, then from the highest version down.
    private var entries: [String: [Entry]] = [:]

    /// What can be called, as `interface.method`; those of `lymph` come first.
    private(set) var subjects = BuiltinInterface.Method.allCases.map(\.subject)

    // The same by subject, for lookups in one step.
    private var methods: [String: [Offer]] = [:]

    /// A method in one version of its interface.
    private struct Offer {
        let version: Version?
        let handler: Handler
        let subject: Int
        /// Whether it serves requests without a version.
        let isDefault: Bool
    }

    /// Adds an interface.
    mutating func add(_ entry: Entry, as name: String) {
        entries[name, default: []].append(entry)
        entries[name]?.sort { a, b in
            switch (a.version, b.version) {
            case (nil, _): true
            case (_, nil): false
            case (let a?, let b?): a > b
            }
        }
        let known = entries[name] ?? []
        for method in Set(known.flatMap(\.handlers.keys)) {
            let subject = "\(name).\(method)"
            if methods[subject] == nil { subjects.append(subject) }
            let number = methods[subject]?.first?.subject ?? subjects.count - 1
            methods[subject] = known.enumerated().compactMap { index, entry in
                entry.handlers[method].map {
                    Offer(version: entry.version, handler: $0, subject: number, isDefault: index == 0)
                }
            }
        }
    }

    /// Finds a method by the subject and the version of a request.
    ///
    /// As in Python lymph, a request without a version goes to the interface without a version, or else to the highest
    /// one; a request with a version goes to exactly that version.
    func find(_ subject: String, version: VersionHeader) -> Match {
        let offers = methods[subject] ?? []
        let found: Offer? =
            switch version {
            case .none: offers.first { $0.isDefault }
            case .exact(let version): offers.first { $0.version == version }
            case .invalid: nil
            }
        if let found { return .handler(found.handler, version: found.version, subject: found.subject) }
        return .none(reason(for: subject, version))
    }

    /// Explains why there is no such method.
    private func reason(for subject: String, _ version: VersionHeader) -> String {
        guard let dot = subject.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            return "the subject \(subject.debugDescription) is not of the form interface.method"
        }
        let name = String(subject[..<dot])
        let method = String(subject[subject.index(after: dot)...])
        guard let candidates = entries[name] else { return "no interface \(name.debugDescription) here" }
        switch version {
        case .invalid(let text): return "\(text) is not a version"
        case .exact(let version) where !candidates.contains { $0.version == version }:
            let versions = candidates.map { $0.version?.description ?? "one without a version" }
            return "\(name) has \(versions.joined(separator: ", ")) but not \(version)"
        case .none, .exact: return "\(name) has no method \(method.debugDescription)"
        }
    }

    /// Every method, in a stable order.
    var all: [(name: String, version: Version?, handler: Handler)] {
        entries.sorted { $0.key < $1.key }.flatMap { name, entries in
            entries.flatMap { entry in
                entry.handlers.values.sorted { $0.name < $1.name }.map { (name, entry.version, $0) }
            }
        }
    }
}
