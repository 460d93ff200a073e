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
        /// Nothing; the text says what was missing.
        case none(String)
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
        return .none(reason(for: subject, version))
    }

    /// Why there is no such method.
    private func reason(for subject: String, _ version: VersionHeader) -> String {
        guard let dot = subject.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            return "the subject \(subject.debugDescription) is not of the form interface.method"
        }
        let name = String(subject[..<dot])
        let method = String(subject[subject.index(after: dot)...])
        guard let candidates = entries[name] else { return "no interface \(name.debugDescription) here" }
        switch version {
        case .invalid(let text): return "\(text) is no version"
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
