/// Who may connect to a process, from where, and which methods each may call.
///
/// ```swift
/// let policy = try AccessPolicy(members: [
///     .init(name: "web", keys: [webKey], may: [.init(validating: "echo.*")])
/// ])
/// ```
///
/// It also says whom the process trusts: a server's key must be that of a member.
public struct AccessPolicy: Sendable {
    /// Somebody who may connect.
    public struct Member: Sendable, Hashable {
        /// The name, for logs and for rules about single methods. Letters, digits and `. _ - /`.
        public var name: String

        /// The keys that prove to be this member. Several while one replaces another.
        public var keys: [PublicKey]

        /// What it may call, besides `lymph.ping`, which every member may.
        public var may: [MethodPattern]

        /// Where encrypted connections may come from; empty for anywhere.
        public var from: [AddressRange]

        /// Where connections without encryption are taken for this member's. Of several members' ranges the smallest
        /// counts.
        public var plain: [AddressRange]

        /// Creates a member.
        public init(
            name: String, keys: [PublicKey] = [], may: [MethodPattern] = [], from: [AddressRange] = [],
            plain: [AddressRange] = []
        ) {
            self.name = name
            self.keys = keys
            self.may = may
            self.from = from
            self.plain = plain
        }
    }

    /// All members, in their order.
    public let members: [Member]

    private let places: [PublicKey: Int]

    /// The plain ranges of all members, from the smallest to the largest.
    private let plain: [(range: AddressRange, member: Int)]

    /// Creates a policy.
    ///
    /// - Throws: ``AccessPolicyError`` with all mistakes: a name or key that two members have, a member that nobody
    ///   could be, a plain range that is two members'.
    public init(members: [Member]) throws(AccessPolicyError) {
        let problems = Self.problems(of: members)
        guard problems.isEmpty else { throw AccessPolicyError(problems: problems) }
        self.members = members
        let keys = members.enumerated().flatMap { place, member in member.keys.map { ($0, place) } }
        places = Dictionary(keys) { first, _ in first }
        plain = members.enumerated().flatMap { place, member in member.plain.map { (range: $0, member: place) } }
            .sorted { $0.range.length > $1.range.length }
    }

    /// The member that a key belongs to.
    public func member(withKey key: PublicKey) -> Member? { places[key].map { members[$0] } }

    /// Whether a server with this key is trusted.
    public func trusts(_ key: PublicKey) -> Bool { places[key] != nil }

    /// The member that connections without encryption from an address belong to.
    func member(withPlainHost host: String) -> Member? {
        guard let bits = AddressRange.bits(host) else { return nil }
        return plain.first { $0.range.contains(bits: bits) }.map { members[$0.member] }
    }
}

extension AccessPolicy: Equatable {
    /// Compares the members.
    public static func == (a: AccessPolicy, b: AccessPolicy) -> Bool { a.members == b.members }
}
