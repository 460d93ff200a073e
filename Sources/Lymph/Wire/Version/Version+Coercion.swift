extension Version {
    /// Creates a version from text that is nearly one, in the way of Python lymph.
    ///
    /// Missing numbers are zeros (`1` is `1.0.0`), leading zeros go (`01.2` is `1.2.0`), a fourth number is build
    /// metadata (`1.2.3.4` is `1.2.3+4`), what follows the numbers directly is a pre-release (`1.2rc1` is
    /// `1.2.0-rc1`), and characters that have no place in a version become hyphens. Returns nil if there is no number
    /// at the beginning, or the result is no version still.
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
