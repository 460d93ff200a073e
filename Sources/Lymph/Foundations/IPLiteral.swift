/// Parses and canonicalises textual IP addresses, without the C library.
enum IPLiteral {
    /// Four decimal numbers up to 255 without leading zeros, which is already canonical; nil for anything else.
    static func canonicalIPv4(_ text: String) -> String? {
        octets(text.utf8[...]) == nil ? nil : text
    }

    /// Whether a canonical IPv4 address is that of a single machine: not `0.…`, multicast or reserved.
    static func isUnicast(_ ipv4: String) -> Bool {
        (octets(ipv4.utf8[...])?.first).map { (1..<224).contains($0) } ?? false
    }

    /// The form of RFC 5952, or nil if the text is not an IPv6 address. A zone (`%eth0`) is not accepted.
    static func canonicalIPv6(_ text: String) -> String? {
        guard text.utf8.count <= 45, let groups = groups(text) else { return nil }
        return format(groups)
    }

    /// The 128 bits of an IPv6 address, or of an IPv4 address as IPv6 maps it: `::ffff:10.0.0.1`. Nil if the text is
    /// neither.
    static func bits(_ text: String) -> UInt128? {
        if let octets = octets(text.utf8[...]) { return octets.reduce(0xFFFF) { $0 << 8 | UInt128($1) } }
        guard text.utf8.count <= 45, let groups = groups(text) else { return nil }
        return groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// The canonical form of an address; that of IPv4 if it is mapped.
    static func text(_ bits: UInt128) -> String {
        let text = format((0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) })
        return bits >> 32 == 0xFFFF ? String(text.dropFirst(7)) : text
    }

    private static func octets(_ text: Substring.UTF8View) -> [UInt16]? {
        guard (7...15).contains(text.count) else { return nil }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt16] = []
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + UInt16(byte - UInt8(ascii: "0"))
            }
            guard value <= 255 else { return nil }
            octets.append(value)
        }
        return octets
    }

    /// The eight groups of an IPv6 address. At most one `::` stands for one or more groups of zeros.
    private static func groups(_ text: String) -> [UInt16]? {
        let bytes = Array(text.utf8)
        let colon = UInt8(ascii: ":")
        guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) else {
            guard let all = pieces(bytes[...], mayEndInIPv4: true), all.count == 8 else { return nil }
            return all
        }
        let tail = bytes[(gap + 2)...]
        guard let before = pieces(bytes[..<gap], mayEndInIPv4: false), let after = pieces(tail, mayEndInIPv4: true),
            before.count + after.count < 8
        else { return nil }
        return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    }

    private static func pieces(_ bytes: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> [UInt16]? {
        if bytes.isEmpty { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let octets = octets(Substring(decoding: part, as: UTF8.self).utf8) else { return nil }
                groups += [octets[0] << 8 | octets[1], octets[2] << 8 | octets[3]]
            } else {
                guard let group = group(part) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func group(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(number)
        }
        return value
    }

    private static func format(_ groups: [UInt16]) -> String {
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return "::ffff:\(groups[6] >> 8).\(groups[6] & 255).\(groups[7] >> 8).\(groups[7] & 255)"
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard let zeros = longestZeros(groups) else { return text(groups[...]) }
        return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    /// The longest run of two or more zero groups; the first one if several are equally long.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best = 0..<1
        var start = 0
        for index in groups.indices {
            guard groups[index] == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > best.count { best = start..<(index + 1) }
        }
        return best.count > 1 ? best : nil
    }
}
