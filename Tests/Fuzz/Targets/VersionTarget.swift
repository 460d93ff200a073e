internal import Lymph

extension FuzzTarget {
    /// The texts of versions and of names with versions, two at a time, because versions have an order.
    static let version = FuzzTarget(
        "version",
        seeds: [
            "1.5.0\n1.6.0", "2.0.0-rc.1+build.7\n2.0.0-rc.10", "1.2.3.4\n01.2rc1", "echo@1\necho@1.5.0",
            "0.9.9223372036854775806\n1.0.0-0.a.--",
        ].map(\.bytes),
        words: ["-rc.1", "+build", ".0", "@", "9223372036854775807"], longest: 300
    ) { input throws(BrokenProperty) in
        let texts = input.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0).text }
        for text in texts { try checkNames(text) }
        let versions = texts.compactMap { Version($0) ?? Version(coercing: $0) }
        for version in versions { try check(version) }
        guard versions.count >= 2 else { return }
        try check(versions[0], versions[1])
    }

    private static func checkNames(_ text: String) throws(BrokenProperty) {
        if let version = Version(text) {
            try demand(version.description.utf8.elementsEqual(text.utf8), "a version is its text")
            try demand(Version(coercing: text) == version, "a full version is coerced to itself")
        }
        if let name = VersionedName(text), name.version != nil {
            try demand(VersionedName(name.description) == name, "\(name) is read back")
        }
    }

    private static func check(_ version: Version) throws(BrokenProperty) {
        try demand(Version(version.description) == version, "\(version) is read back")
        try demand(!(version < version), "\(version) precedes itself")
        try demand(version.nextMajor >= version || version.major == Int.max, "\(version.nextMajor) precedes \(version)")
        let leadsToMajor = !version.prerelease.isEmpty && version.minor == 0 && version.patch == 0
        try demand(version.isCompatible(with: version) != leadsToMajor, "whether \(version) serves itself")
    }

    private static func check(_ a: Version, _ b: Version) throws(BrokenProperty) {
        try demand(!(a < b && b < a), "\(a) and \(b) precede each other")
        if !(a < b), !(b < a) {
            try demand(a.isCompatible(with: b) == b.isCompatible(with: a), "\(a) and \(b) have the same place")
        }
        if a.isCompatible(with: b) { try demand(!(a < b), "\(a) serves requests for the later \(b)") }
    }
}
