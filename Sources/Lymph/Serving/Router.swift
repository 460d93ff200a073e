/// Finds the method that a request asks for.
struct Router: Sendable {
    /// One interface under one name and version.
    struct Entry: Sendable {
        let version: Version?
        let handlers: [String: Handler]
    }

    /// What was found.
    enum Match {
        case handler(Handler, version: Version?)
        /// Nothing; the text says what was missing, the version in which, if that has the interface.
        case none(String, version: Version??)
    }

    // Sorted by version, the highest first; one without a version before all.
    private var entries: [String: [Entry]] = [:]

    // The same by subject, as most requests are found.
    private var methods: [String: [Offer]] = [:]

    /// A method in one version of its interface.
    private struct Offer {
        let version: Version?
        let handler: Handler
        /// Whether it is for those who ask for no version.
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
            methods["\(name).\(method)"] = known.enumerated().compactMap { index, entry in
                entry.handlers[method].map { Offer(version: entry.version, handler: $0, isDefault: index == 0) }
            }
        }
    }

    /// Finds a method by the subject of a request and the version that it asks for.
    ///
    /// As in Python lymph: a request without a version goes to the interface without one or else to the highest version; one
    /// with a version goes to exactly that.
    func find(_ subject: String, version: VersionHeader) -> Match {
        let offers = methods[subject] ?? []
        let found: Offer? =
            switch version {
            case .none: offers.first { $0.isDefault }
            case .exact(let version): offers.first { $0.version == version }
            case .invalid: nil
            }
        if let found { return .handler(found.handler, version: found.version) }
        return missing(subject, version)
    }

    /// Why there is no such method.
    private func missing(_ subject: String, _ version: VersionHeader) -> Match {
        guard let dot = subject.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            return .none("the subject \(subject.debugDescription) is not of the form interface.method", version: .none)
        }
        let name = String(subject[..<dot])
        let noMethod = "\(name) has no method \(String(subject[subject.index(after: dot)...]).debugDescription)"
        guard let candidates = entries[name] else {
            return .none("no interface \(name.debugDescription) here", version: .none)
        }
        switch version {
        case .invalid(let text): return .none("\(text) is no version", version: .none)
        case .exact(let version) where !candidates.contains { $0.version == version }:
            let versions = candidates.map { $0.version?.description ?? "one without a version" }
            return .none("\(name) has \(versions.joined(separator: ", ")) but not \(version)", version: .none)
        case .exact(let version): return .none(noMethod, version: version)
        case .none: return .none(noMethod, version: candidates.first?.version)
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
