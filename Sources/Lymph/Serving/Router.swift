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
    }

    /// Finds a method by the subject of a request and the version that it asks for.
    ///
    /// As in Python lymph: a request without a version goes to the interface without one or else to the highest version; one
    /// with a version goes to exactly that.
    func find(_ subject: String, version: VersionHeader) -> Match {
        guard let dot = subject.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            return .none("the subject \(subject.debugDescription) is not of the form interface.method")
        }
        let name = String(subject[..<dot])
        let method = String(subject[subject.index(after: dot)...])
        guard let candidates = entries[name] else {
            return .none("no interface \(name.debugDescription) here")
        }
        let entry: Entry?
        switch version {
        case .none: entry = candidates.first
        case .exact(let version): entry = candidates.first { $0.version == version }
        case .invalid(let text): return .none("\(text) is no version")
        }
        guard let entry else {
            let versions = candidates.map { $0.version?.description ?? "one without a version" }
            return .none("\(name) has \(versions.joined(separator: ", ")) but not the version asked for")
        }
        guard let handler = entry.handlers[method] else {
            return .none("\(name) has no method \(method.debugDescription)")
        }
        return .handler(handler, version: entry.version)
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
