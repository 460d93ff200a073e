/// Which member may call which method, as bits: what a policy says about the methods that a process has.
package struct AccessTable: Sendable {
    /// What one member may call. The place of a method is that in the subjects of the table.
    package struct Rights: Sendable, Hashable {
        private var words: [UInt64]
        private let isEverything: Bool

        /// Nothing at all.
        package static let none = Rights(words: [], isEverything: false)

        fileprivate static let everything = Rights(words: [], isEverything: true)

        private init(words: [UInt64], isEverything: Bool) {
            self.words = words
            self.isEverything = isEverything
        }

        fileprivate init(_ may: [MethodPattern], _ subjects: [String]) {
            self.init(words: Array(repeating: 0, count: (subjects.count + 63) / 64), isEverything: false)
            for (place, subject) in subjects.enumerated() {
                // Whoever is admitted may find out whether the process is alive.
                guard subject == AccessTable.always || may.contains(where: { $0.matches(subject) }) else { continue }
                words[place / 64] |= 1 << (place % 64)
            }
        }

        /// Whether the method at the place may be called; false for a place that is none, except in an open table.
        package func allows(_ subject: Int) -> Bool {
            if isEverything { return true }
            // A negative number becomes a large one.
            let place = UInt(bitPattern: subject)
            guard place / 64 < UInt(words.count) else { return false }
            return words[Int(place / 64)] & 1 << (place % 64) != 0
        }
    }

    private let members: [String: Rights]
    private let others: Rights

    fileprivate static let always = "\(MethodPattern.builtinInterface).ping"

    /// The table of a process without a policy: everybody may call everything.
    package static let open = AccessTable(members: [:], others: .everything)

    private init(members: [String: Rights], others: Rights) {
        self.members = members
        self.others = others
    }

    /// Compiles a policy.
    ///
    /// - Parameter subjects: All methods, as `interface.method`.
    package init(_ policy: AccessPolicy, subjects: [String]) {
        let rights = policy.members.map { ($0.name, Rights($0.may, subjects)) }
        self.init(members: Dictionary(rights) { first, _ in first }, others: .none)
    }

    /// What a member may call, to be kept as long as the policy is. Whoever is not a member has no rights.
    package func rights(of member: String?) -> Rights { member.flatMap { members[$0] } ?? others }

    /// Whether a member may call the method at a place in the subjects.
    package func allows(_ member: String?, _ subject: Int) -> Bool { rights(of: member).allows(subject) }
}
