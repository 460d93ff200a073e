import Foundation
import Lymph
import Testing

@Suite struct VersionTests {
    // What Python's semantic_version accepts and refuses.
    @Test(arguments: [
        "1.0.0", "0.0.0", "1.2.3-a", "1.2.3-a.b.0", "1.2.3+001", "1.2.3--", "1.2.3---a.-", "1.2.3-0a", "1.2.3-00a",
        "1.2.3-a+b.c", "10.20.30", "1.2.3+-", "1.2.3-0.0", "1.0.0-0A.is.legal",
        "1.2.3----RC-SNAPSHOT.12.9.1--.12+788", "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
    ])
    func reads(text: String) throws {
        let version = try Version(validating: text)
        #expect(version.description == text)
        #expect(Version(text) == version)
        let parts =
            "\(version.major).\(version.minor).\(version.patch)"
            + (version.prerelease.isEmpty ? "" : "-" + version.prerelease.joined(separator: "."))
            + (version.build.isEmpty ? "" : "+" + version.build.joined(separator: "."))
        #expect(parts == text)
    }

    @Test(arguments: [
        "", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.03", "1.2.3-", "1.2.3+", "1.2.3-+b", "1.2.3-01",
        "1.2.3-a..b",
        "1.2.3-a.", "1.2.3+a..b", "1.2.3+a+b", "v1.2.3", " 1.2.3", "1.2.3 ", "1.2.3\n", "-1.2.3", "1.-2.3", "1.2.3-é",
        "1.2.3_a", "1.2.3-a_b", "a.b.c", "1.2.3-a/b", "+1.2.3", "1.2.3-\0", "..", "1..3", "1.2.3-a.00", "1.2.٣",
        "1.2.3-e\u{301}", "9223372036854775807.0.0", "1.99999999999999999999.0",
    ])
    func refuses(text: String) throws {
        let error = try #require(throws: VersionError.self) { try Version(validating: text) }
        #expect(error.text == text)
        #expect(error.description.contains("1.5.0"))
        #expect(Version(text) == nil)
    }

    @Test func boundsTheLength() {
        let padding = String(repeating: "a", count: 249)
        #expect(Version("1.0.0-\(padding)") != nil)
        #expect(Version("1.0.0-\(padding)a") == nil)
    }

    /// The examples of the specification, and what follows from its rules.
    @Test func hasPrecedence() {
        let chain: [Version] = [
            "0.0.9", "0.1.0", "1.0.0-0", "1.0.0-2", "1.0.0-11", "1.0.0-99999999999999999999", "1.0.0--", "1.0.0-Alpha",
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-beta.11.0", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "2.1.0", "2.1.1", "10.0.0",
        ]
        for (i, a) in chain.enumerated() {
            for (j, b) in chain.enumerated() {
                #expect((a < b) == (i < j), "\(a) \(b)")
                #expect((a == b) == (i == j), "\(a) \(b)")
            }
        }
        #expect(chain.shuffled().sorted() == chain)
    }

    /// As in Python's semantic_version: different, though neither comes first.
    @Test func buildMetadataCountsInEqualityOnly() {
        let plain: Version = "1.5.0"
        let built: Version = "1.5.0+build"
        #expect(plain != built)
        #expect(!(plain < built) && !(built < plain))
        #expect(plain <= built && built <= plain)
        #expect(Set([plain, built, "1.5.0+build"]).count == 2)
    }

    @Test func isCodedAsText() throws {
        let json = try JSONEncoder().encode(["1.5.0-rc.1+b" as Version])
        #expect(String(decoding: json, as: UTF8.self) == #"["1.5.0-rc.1+b"]"#)
        #expect(try JSONDecoder().decode([Version].self, from: json) == ["1.5.0-rc.1+b"])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Version].self, from: Data(#"["1.5"]"#.utf8)) }
    }

    @Test func isMadeOfNumbers() {
        #expect(Version(1, 5) == "1.5.0")
        #expect(Version(0) < Version(0, 0, 1))
        #expect(Version(Int.max).nextMajor == Version(Int.max))
    }

    @Test func aBadLiteralStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            _ = Version(stringLiteral: "1.5")
        }
    }
}
