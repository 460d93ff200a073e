extension AccessPolicy {
    /// Everything that is wrong with the members, in their order.
    static func problems(of members: [Member]) -> [AccessPolicyError.Problem] {
        var checks = MemberChecks()
        for (number, member) in members.enumerated() { checks.check(member, number) }
        return checks.problems
    }
}

private struct MemberChecks {
    private(set) var problems: [AccessPolicyError.Problem] = []
    private var names: Set<String> = []
    private var keys: [PublicKey: String] = [:]
    private var plain: [AddressRange: String] = [:]

    mutating func check(_ member: AccessPolicy.Member, _ number: Int) {
        func report(
            _ message: String, allowed: String? = nil, _ field: AccessPolicyError.Place.Field? = nil,
            _ element: Int? = nil
        ) {
            problems.append(
                .init(
                    member: Self.isName(member.name) ? member.name : nil, message: message, allowed: allowed,
                    place: .init(member: number, field: field, element: element)))
        }
        if !Self.isName(member.name) {
            report(
                "\"\(member.name.prefix(60))\" can't be the name of a member",
                allowed: "1 to 100 letters, digits and . _ - /")
        }
        if !names.insert(member.name).inserted { report("there are two members with this name") }
        if member.keys.isEmpty, member.plain.isEmpty {
            report("it has neither keys nor plain addresses, so nobody can be it")
        }
        if member.keys.isEmpty, !member.from.isEmpty {
            report("it has no keys, and only they are restricted by from", .from)
        }
        for (element, key) in member.keys.enumerated() {
            if let owner = keys.updateValue(member.name, forKey: key) {
                report(owner == member.name ? "the key is listed twice" : "the key is that of \(owner)", .keys, element)
            }
        }
        for (element, range) in member.plain.enumerated() {
            if let owner = plain.updateValue(member.name, forKey: range) {
                report(
                    owner == member.name ? "\(range) is listed twice" : "\(range) is plain for \(owner)", .plain,
                    element)
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/".contains($0)) }
    }
}
