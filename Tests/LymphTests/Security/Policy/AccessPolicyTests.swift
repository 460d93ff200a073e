import Testing

@testable import Lymph

/// A key with the number as its first byte.
func makeKey(_ number: UInt8) -> PublicKey {
    let bytes = [number] + Array(repeating: 0, count: 31)
    guard let key = bytes.withUnsafeBytes({ PublicKey(bytes: $0) }) else { preconditionFailure("a key has 32 bytes") }
    return key
}

@Suite("Access policies")
struct AccessPolicyTests {
    private func ranges(_ texts: String...) -> [AddressRange] { texts.compactMap { AddressRange($0) } }

    private func mistakes(_ members: [AccessPolicy.Member]) -> [String] {
        do throws(AccessPolicyError) {
            _ = try AccessPolicy(members: members)
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    private func policy() throws -> AccessPolicy {
        try AccessPolicy(members: [
            .init(name: "web", keys: [makeKey(1), makeKey(2)], from: ranges("10.0.0.0/8", "fd00::/8")),
            .init(name: "ops", keys: [makeKey(3)]),
            .init(name: "python", plain: ranges("127.0.0.0/8", "10.1.0.0/16")),
            .init(name: "old", keys: [makeKey(4)], plain: ranges("10.1.2.0/24", "::1")),
        ])
    }

    @Test(
        "encrypted connections are admitted by their keys, within the key's ranges",
        arguments: [
            (1, "10.200.0.1", "web"), (2, "fd00::1", "web"), (1, "::ffff:10.0.0.1", "web"),
            (1, "11.0.0.1", "address: web may not connect from 11.0.0.1"),
            (1, "", "address: web may not connect from "), (1, "a\nb", #"address: web may not connect from a\nb"#),
            (3, "anything", "ops"), (4, "1.2.3.4", "old"),
            (9, "10.0.0.1", "unknown_key: no member has the key \(makeKey(9))"),
        ])
    func curve(key: UInt8, host: String, expected: String) throws {
        #expect(try policy().admit(.curve(makeKey(key)), from: host).text == expected)
    }

    @Test(
        "connections without encryption are admitted by their addresses, the smallest range first",
        arguments: [
            ("127.0.0.1", "python"), ("10.1.3.4", "python"), ("10.1.2.4", "old"), ("::1", "old"),
            ("::ffff:10.1.2.4", "old"), ("10.2.0.1", "plain: nobody may connect from 10.2.0.1 without encryption"),
            ("", "plain: nobody may connect from  without encryption"),
        ])
    func plain(host: String, expected: String) throws {
        #expect(try policy().admit(.null, from: host).text == expected)
    }

    @Test("servers are trusted by their keys")
    func trust() throws {
        let policy = try policy()
        #expect(policy.trusts(makeKey(2)) && policy.trusts(makeKey(4)))
        #expect(!policy.trusts(makeKey(5)))
        #expect(policy.member(withKey: makeKey(2))?.name == "web")
        #expect(policy.member(withKey: makeKey(5)) == nil)
        #expect(policy.members.map(\.name) == ["web", "ops", "python", "old"])
    }

    @Test("a policy without members admits nobody")
    func empty() throws {
        let policy = try AccessPolicy(members: [])
        #expect(policy.admit(.curve(makeKey(1)), from: "::1").text.hasPrefix("unknown_key"))
        #expect(policy.admit(.null, from: "127.0.0.1").text.hasPrefix("plain"))
    }

    @Test("policies with the same members are equal")
    func equality() throws {
        #expect(try policy() == policy())
        #expect(try policy() != AccessPolicy(members: []))
    }

    @Test("all mistakes are reported at once, with their places")
    func mistakes() throws {
        let members: [AccessPolicy.Member] = [
            .init(name: "a", keys: [makeKey(1), makeKey(2), makeKey(1)]),
            .init(name: "b", keys: [makeKey(2)], plain: ranges("10.0.0.0/8", "10.0.0.0/16")),
            .init(name: "a", plain: ranges("::ffff:10.0.0.0/112", "::1", "::1/128")),
            .init(name: "c"), .init(name: "", keys: [makeKey(3)]),
            .init(name: "d", from: ranges("::1"), plain: ranges("::2")), .init(name: "e f", keys: [makeKey(4)]),
        ]
        #expect(
            mistakes(members) == [
                "a: the key is listed twice", "b: the key is that of a", "a: there are two members with this name",
                "a: 10.0.0.0/16 is plain for b", "a: ::1 is listed twice",
                "c: it has neither keys nor plain addresses, so nobody can be it",
                #""" can't be the name of a member; allowed: 1 to 100 letters, digits and . _ - /"#,
                "d: it has no keys, and only they are restricted by from",
                #""e f" can't be the name of a member; allowed: 1 to 100 letters, digits and . _ - /"#,
            ])
        let error = #expect(throws: AccessPolicyError.self) { try AccessPolicy(members: members) }
        let places = error?.problems.compactMap(\.place) ?? []
        #expect(places.first == .init(member: 0, field: .keys, element: 2))
        #expect(places.last == .init(member: 6))
        #expect(places.contains(.init(member: 2, field: .plain, element: 0)))
        #expect(places.contains(.init(member: 5, field: .from)))
    }

    @Test("of any plain ranges, the smallest that contains an address decides")
    func smallest() throws {
        for seed in seeds(200) {
            var random = SplitMix64(seed: seed)
            let lengths = Array(0...32).shuffled(using: &random).prefix(8)
            let bits = UInt32.random(in: 0...UInt32.max, using: &random)
            let members = try lengths.map { length in
                let first = length == 0 ? 0 : bits & UInt32.max << (32 - length)
                let range = try AddressRange(validating: "\(IPLiteral.text(0xFFFF << 32 | UInt128(first)))/\(length)")
                return AccessPolicy.Member(name: "\(length)", plain: [range])
            }
            let host = IPLiteral.text(0xFFFF << 32 | UInt128(bits))
            #expect(try AccessPolicy(members: members).admit(.null, from: host).text == "\(lengths.max() ?? 0)")
        }
    }
}

extension AccessPolicy.Admission {
    fileprivate var text: String {
        switch self {
        case .admitted(let member): member
        case .refused(let refusal): "\(refusal.label): \(refusal)"
        }
    }
}
