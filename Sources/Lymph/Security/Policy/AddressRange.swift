/// A range of IP addresses: `10.0.0.0/8`, `fd00::/8`, or a single address.
///
/// IPv4 addresses are those of IPv4 ranges, also when IPv6 maps them (`::ffff:10.0.0.1`). No other IPv6 range contains
/// them: `::/0` is everybody with an IPv6 address.
public struct AddressRange: Sendable, Hashable {
    private let first: UInt128

    /// How many bits the addresses have in common; 96 more for IPv4 ranges than is written.
    let length: Int

    /// Reads a range.
    ///
    /// - Throws: ``AccessPolicyError`` that says what is wrong, and which range may have been meant.
    public init(validating text: String) throws(AccessPolicyError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let shown = "\"\(text.prefix(60))\""
        guard let address = parts.first, let bits = IPLiteral.bits(address) else {
            throw AccessPolicyError(
                "\(shown) is not a range of addresses", allowed: "a range such as 10.0.0.0/8, or an address")
        }
        let width = address.contains(":") ? 128 : 32
        var length = width
        if let digits = parts.dropFirst().first {
            guard let number = Self.number(digits), number <= width else {
                throw AccessPolicyError(
                    "\(shown) has a wrong number of bits after the slash", allowed: "0 to \(width) bits")
            }
            length = number
        }
        self.length = length + 128 - width
        first = bits & Self.mask(self.length)
        guard first == bits else {
            throw AccessPolicyError(
                "\(shown) has bits after the first \(length)", allowed: "\(self), or \(IPLiteral.text(bits)) alone")
        }
    }

    /// Whether the address is in the range; false for anything that is not an address. A zone (`%eth0`) doesn't count.
    public func contains(_ host: String) -> Bool { Self.bits(host).map { contains(bits: $0) } ?? false }

    func contains(bits: UInt128) -> Bool {
        bits & Self.mask(length) == first && Self.isIPv4(bits) == isIPv4
    }

    /// The bits of a peer's address, as the system writes it.
    static func bits(_ host: String) -> UInt128? {
        guard let zone = host.utf8.firstIndex(of: UInt8(ascii: "%")) else { return IPLiteral.bits(host) }
        return IPLiteral.bits(String(host[..<zone]))
    }

    private var isIPv4: Bool { length >= 96 && Self.isIPv4(first) }

    private static func isIPv4(_ bits: UInt128) -> Bool { bits >> 32 == 0xFFFF }

    private static func mask(_ length: Int) -> UInt128 { ~(UInt128.max >> length) }

    /// One to three digits without leading zeros.
    private static func number(_ digits: String) -> Int? {
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            digits == "0" || digits.first != "0"
        else { return nil }
        return Int(digits)
    }
}

extension AddressRange: LosslessStringConvertible {
    /// Reads a range; nil for anything else.
    public init?(_ description: String) { try? self.init(validating: description) }

    /// The range, or the address if it is a single one.
    public var description: String {
        let text = IPLiteral.text(first)
        return length == 128 ? text : "\(text)/\(isIPv4 ? length - 96 : length)"
    }
}
