extension Version {
    /// Creates a version from text that is nearly one, by the rules of Python lymph.
    ///
    /// Missing numbers become zeros (`1` is `1.0.0`), leading zeros are dropped (`01.2` is `1.2.0`), a fourth number
    /// is build metadata (`1.2.3.4` is `1.2.3+4`), text directly after the numbers is a pre-release (`1.2rc1` is
    /// `1.2.0-rc1`), and characters that a version can't have become hyphens. Returns nil if the text doesn't begin
    /// with a number, or if the result still isn't a version.
    public init?(coercing text: String) {
        var numbers: [String] = []
        var rest = text.unicodeScalars[...]
        while numbers.count < 3 {
            var candidate = rest
            if !numbers.isEmpty {
                guard candidate.first == "." else { break }
                candidate.removeFirst()
            }
            let digits = candidate.prefix { ("0"..."9").contains($0) }
            if digits.isEmpty { break }
            let significant = String(digits.drop { $0 == "0" })
            numbers.append(significant.isEmpty ? "0" : significant)
            rest = candidate[digits.endIndex...]
        }
        if numbers.isEmpty { return nil }
        while numbers.count < 3 { numbers.append("0") }

        let (prerelease, build) = Self.identifiersAfterNumbers(rest)
        var full = numbers.joined(separator: ".")
        if !prerelease.isEmpty { full += "-\(prerelease)" }
        if !build.isEmpty { full += "+\(build)" }
        self.init(full)
    }

    private static func identifiersAfterNumbers(_ rest: Substring.UnicodeScalarView) -> (String, String) {
        let clean = String(String.UnicodeScalarView(rest.map { isAllowed($0) ? $0 : "-" }))
        guard let first = clean.first else { return ("", "") }
        if first == "+" || first == "." {
            return ("", clean.dropFirst().replacingPluses())
        }
        let tail = first == "-" ? clean.dropFirst() : clean[...]
        guard let plus = tail.firstIndex(of: "+") else { return (String(tail), "") }
        return (String(tail[..<plus]), tail[tail.index(after: plus)...].replacingPluses())
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (isIdentifierByte(UInt8(truncatingIfNeeded: scalar.value)) || scalar == "." || scalar == "+")
    }
}

extension Substring {
    fileprivate func replacingPluses() -> String {
        String(map { $0 == "+" ? "." : $0 })
    }
}
