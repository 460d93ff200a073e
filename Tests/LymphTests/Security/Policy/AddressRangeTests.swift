import Testing

@testable import Lymph

@Suite("Ranges of addresses")
struct AddressRangeTests {
    @Test(
        "which addresses are in a range",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "9.255.255.255", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("10.0.0.0/8", "::ffff:a01:203", true), ("10.0.0.0/8", "::10.1.2.3", false), ("10.0.0.0/8", "a00::", false),
            ("0.0.0.0/0", "255.1.1.1", true), ("0.0.0.0/0", "::1", false), ("::/0", "::1", true),
            ("::/0", "fe80::1%eth0", true), ("::/0", "10.0.0.1", false), ("::/0", "::ffff:10.0.0.1", false),
            ("::ffff:0:0/96", "1.2.3.4", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
            ("::ffff:10.0.0.0/104", "11.9.9.9", false), ("::1", "::1", true), ("::1/128", "::2", false),
            ("192.168.1.7", "192.168.1.7", true), ("192.168.1.7/32", "192.168.1.6", false),
            ("192.168.1.6/31", "192.168.1.7", true), ("fd00::/9", "fd7f::", true), ("fd00::/9", "fd80::", false),
            ("10.0.0.0/8", "", false), ("10.0.0.0/8", "10.0.0", false), ("10.0.0.0/8", "localhost", false),
            ("10.0.0.0/8", "10.0.0.1 ", false), ("10.0.0.0/8", ":0:0:123", false), ("10.0.0.0/8", "10.0.0.1:80", false),
        ])
    func contains(range: String, host: String, isIn: Bool) throws {
        #expect(try AddressRange(validating: range).contains(host) == isIn)
    }

    @Test(
        "the canonical form",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/32", "10.1.2.3"), ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("FD00:0::0/8", "fd00::/8"), ("::1/128", "::1"), ("::/0", "::/0"), ("0.0.0.0/0", "0.0.0.0/0"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
        ])
    func description(text: String, canonical: String) throws {
        let range = try AddressRange(validating: text)
        #expect(range.description == canonical)
        #expect(AddressRange(canonical) == range)
    }

    @Test(
        "mistakes say what is allowed",
        arguments: [
            ("", #""" is not a range of addresses; allowed: a range such as 10.0.0.0/8, or an address"#),
            (
                "10.0.0/8",
                #""10.0.0/8" is not a range of addresses; allowed: a range such as 10.0.0.0/8, or an address"#
            ),
            ("10.0.0.0/33", #""10.0.0.0/33" has a wrong number of bits after the slash; allowed: 0 to 32 bits"#),
            ("::/129", #""::/129" has a wrong number of bits after the slash; allowed: 0 to 128 bits"#),
            ("10.0.0.0/", #""10.0.0.0/" has a wrong number of bits after the slash; allowed: 0 to 32 bits"#),
            ("10.0.0.0/+8", #""10.0.0.0/+8" has a wrong number of bits after the slash; allowed: 0 to 32 bits"#),
            ("10.0.0.0/08", #""10.0.0.0/08" has a wrong number of bits after the slash; allowed: 0 to 32 bits"#),
            ("10.0.0.0/8/8", #""10.0.0.0/8/8" has a wrong number of bits after the slash; allowed: 0 to 32 bits"#),
            ("10.1.0.0/8", #""10.1.0.0/8" has bits after the first 8; allowed: 10.0.0.0/8, or 10.1.0.0 alone"#),
            ("fd00::1/64", #""fd00::1/64" has bits after the first 64; allowed: fd00::/64, or fd00::1 alone"#),
            ("1.2.3.4/0", #""1.2.3.4/0" has bits after the first 0; allowed: 0.0.0.0/0, or 1.2.3.4 alone"#),
            (
                "fe80::%eth0/64",
                #""fe80::%eth0/64" is not a range of addresses; allowed: a range such as 10.0.0.0/8, or an address"#
            ),
        ])
    func mistakes(text: String, message: String) {
        #expect(AddressRange(text) == nil)
        let error = #expect(throws: AccessPolicyError.self) { try AddressRange(validating: text) }
        #expect(error?.description == message)
    }

    @Test("a range has exactly the addresses that begin with its bits")
    func random() throws {
        for seed in seeds(300) {
            var random = SplitMix64(seed: seed)
            let bits = UInt32.random(in: 0...UInt32.max, using: &random)
            let length = Int.random(in: 0...32, using: &random)
            let mask = length == 0 ? 0 : UInt32.max << (32 - length)
            func text(_ bits: UInt32) -> String { IPLiteral.text(0xFFFF_0000_0000 | UInt128(bits)) }
            let range = try AddressRange(validating: "\(text(bits & mask))/\(length)")
            for _ in 0..<20 {
                // Mostly the same bits at the beginning.
                let other =
                    bits ^ (UInt32.random(in: 0...UInt32.max, using: &random) >> Int.random(in: 0..<32, using: &random))
                #expect(range.contains(text(other)) == (other & mask == bits & mask))
                #expect(range.contains("::ffff:" + text(other)) == (other & mask == bits & mask))
            }
        }
    }
}
