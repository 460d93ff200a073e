package import Lymph

extension AccessPolicy {
    /// Reads a policy: a map whose key `peers` has a map from the names of members to what they may.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes.
    package init(_ configuration: Configuration) throws(ConfigurationError) {
        var reader = PolicyReader()
        let members = reader.members(in: configuration)
        do throws(AccessPolicyError) {
            self = try AccessPolicy(members: members.map(\.member))
        } catch {
            for problem in error.problems { reader.add(problem, members) }
            throw reader.mistakes.makeError()
        }
        try reader.mistakes.check()
    }
}

private struct PolicyReader {
    typealias Field = AccessPolicyError.Place.Field

    /// A member, and where its parts were written.
    struct Entry {
        var member: AccessPolicy.Member
        let origin: Configuration
        var elements: [Field: [Configuration]] = [:]
        /// Whether some of it could not be read.
        var isIncomplete = false
    }

    private static let fields = ["from", "keys", "may", "plain"]

    var mistakes = ConfigurationMistakes()

    mutating func members(in root: Configuration) -> [Entry] {
        refuseUnknownKeys(of: root, among: ["peers"])
        guard let peers = root.child("peers") else {
            mistakes.add(
                .init(
                    at: root.origin, root.pathOf("peers"), "is missing", allowed: "a map from names to peers"))
            return []
        }
        guard peers.node.entries != nil else {
            mistakes.add(peers.mismatch(allowed: "a map from names to peers"))
            return []
        }
        return peers.children.map { entry($0.key, $0.value) }
    }

    private mutating func entry(_ name: String, _ part: Configuration) -> Entry {
        var entry = Entry(member: .init(name: name), origin: part)
        guard part.node.entries != nil else {
            mistakes.add(part.mismatch(allowed: "a map with \(Self.fields.joined(separator: ", "))"))
            entry.isIncomplete = true
            return entry
        }
        let before = mistakes.problems.count
        refuseUnknownKeys(of: part, among: Self.fields)
        entry.member.keys = elements(.keys, of: part, &entry) { text throws(AnyMistake) in
            do throws(KeyError) {
                return try PublicKey(validating: text)
            } catch {
                throw AnyMistake(message: error.message, allowed: error.allowed)
            }
        }
        entry.member.may = elements(.may, of: part, &entry) { text throws(AnyMistake) in
            do throws(AccessPolicyError) { return try MethodPattern(validating: text) } catch {
                throw AnyMistake(error)
            }
        }
        entry.member.from = elements(.from, of: part, &entry, Self.range)
        entry.member.plain = elements(.plain, of: part, &entry, Self.range)
        entry.isIncomplete = mistakes.problems.count > before
        return entry
    }

    private static func range(_ text: String) throws(AnyMistake) -> AddressRange {
        do throws(AccessPolicyError) { return try AddressRange(validating: text) } catch { throw AnyMistake(error) }
    }

    /// What is wrong with a text.
    private struct AnyMistake: Error {
        var message: String
        var allowed: String?

        init(message: String, allowed: String?) { (self.message, self.allowed) = (message, allowed) }

        init(_ error: AccessPolicyError) {
            (message, allowed) = (error.problems.first?.message ?? "", error.problems.first?.allowed)
        }
    }

    /// The elements of a list that can be read. A single text stands for a list of it.
    private mutating func elements<Element>(
        _ field: Field, of member: Configuration, _ entry: inout Entry, _ read: (String) throws(AnyMistake) -> Element
    ) -> [Element] {
        guard let part = member.child(field.rawValue), !part.isNull else { return [] }
        guard let texts = part.elements ?? (part.node.text == nil ? nil : [part]) else {
            mistakes.add(part.mismatch(allowed: "a list of strings"))
            return []
        }
        var elements: [Element] = []
        for text in texts {
            guard let value = text.node.text else {
                mistakes.add(text.mismatch(allowed: "a string: put it in quotes"))
                continue
            }
            do throws(AnyMistake) {
                elements.append(try read(value))
                entry.elements[field, default: []].append(text)
            } catch {
                mistakes.add(text.error(error.message, allowed: error.allowed))
            }
        }
        return elements
    }

    private mutating func refuseUnknownKeys(of map: Configuration, among known: [String]) {
        for (key, value) in map.children where !known.contains(key) {
            mistakes.add(.init(at: value.origin, value.path, unknown: "unknown key", key, among: known))
        }
    }

    /// Adds what is wrong with the policy as a whole, unless it may be a consequence of what could not be read.
    mutating func add(_ problem: AccessPolicyError.Problem, _ entries: [Entry]) {
        guard let place = problem.place, entries.indices.contains(place.member) else {
            return mistakes.add(.init(.init(message: problem.description)))
        }
        let entry = entries[place.member]
        let elements = place.field.flatMap { entry.elements[$0] } ?? []
        if let number = place.element, elements.indices.contains(number) {
            mistakes.add(elements[number].error(problem.message, allowed: problem.allowed))
        } else if !entry.isIncomplete {
            mistakes.add(entry.origin.error(problem.message, allowed: problem.allowed))
        }
    }
}
