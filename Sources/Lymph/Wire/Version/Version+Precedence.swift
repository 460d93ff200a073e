extension Version: Comparable {
    /// Whether `a` comes before `b` in the order of Semantic Versioning, which ignores build metadata.
    public static func < (a: Version, b: Version) -> Bool {
        let left = (a.major, a.minor, a.patch)
        let right = (b.major, b.minor, b.patch)
        if left != right { return left < right }
        if a.prerelease.isEmpty || b.prerelease.isEmpty { return !a.prerelease.isEmpty && b.prerelease.isEmpty }
        for (x, y) in zip(a.prerelease, b.prerelease) where x != y { return precedes(x, y) }
        return a.prerelease.count < b.prerelease.count
    }

    /// Numbers come before words; numbers are compared by value, whatever their length, and words by ASCII.
    private static func precedes(_ x: String, _ y: String) -> Bool {
        switch (isNumeric(x.utf8), isNumeric(y.utf8)) {
        case (true, false): true
        case (false, true): false
        case (true, true) where x.utf8.count != y.utf8.count: x.utf8.count < y.utf8.count
        default: x.utf8.lexicographicallyPrecedes(y.utf8)
        }
    }
}

extension Version {
    /// The first release that is not compatible with this version: `2.0.0` for `1.5.0`, and also for `2.0.0-rc.1`.
    public var nextMajor: Version {
        let leadsToMajor = !prerelease.isEmpty && minor == 0 && patch == 0
        return Version(leadsToMajor || major == Int.max ? major : major + 1)
    }

    /// Whether an instance with this version can serve a request for `asked`: it must be at least that version, and
    /// below its next major version. `0.x` follows the same rule.
    ///
    /// Build metadata is ignored. Pre-releases of the next major version are too new, so nothing can serve a request
    /// for a pre-release of `x.0.0`. Python lymph decides the same way; it can't be asked for build metadata either.
    public func isCompatible(with asked: Version) -> Bool {
        let limit = asked.nextMajor
        let isPrereleaseOfLimit =
            !prerelease.isEmpty && (major, minor, patch) == (limit.major, limit.minor, limit.patch)
        return self >= asked && self < limit && !isPrereleaseOfLimit
    }
}
