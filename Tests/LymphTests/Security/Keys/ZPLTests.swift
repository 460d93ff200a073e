import Testing

@testable import Lymph

@Suite("The text of key files")
struct ZPLTests {
    private func values(_ text: String) throws -> [String] {
        try ZPL(text).entries.map { "\($0.path.joined(separator: "/"))=\($0.value)@\($0.line)" }
    }

    @Test("what pyzmq writes")
    func pyzmq() throws {
        let text = """
            #   ****  Generated on 2026-12-01 05:26:32.929257 by pyzmq  ****
            #   ZeroMQ CURVE **Secret** Certificate

            metadata
                name = Echo service
                email = a@b.c #1
            curve
                public-key = ">v).y(K&woN.3aC3Tn^klijIt:cHhp<n)9Ru=lG8"
                secret-key = "elFl%i-%jtcaLHRhk?QHqe2gy:MfPPnCqg1d}BF#"

            """
        #expect(
            try values(text) == [
                "metadata/name=Echo service@5", "metadata/email=a@b.c@6",
                "curve/public-key=>v).y(K&woN.3aC3Tn^klijIt:cHhp<n)9Ru=lG8@8",
                "curve/secret-key=elFl%i-%jtcaLHRhk?QHqe2gy:MfPPnCqg1d}BF#@9",
            ])
    }

    @Test(
        "sections, values and comments",
        arguments: [
            ("", []), ("\n  \n# a\n    # b", []), ("a = 1", ["a=1@1"]), ("a=1\r\nb = 2", ["a=1@1", "b=2@2"]),
            ("a\n  b\n    c = 1\n  d = 2\ne = 3", ["a/b/c=1@3", "a/d=2@4", "e=3@5"]),
            ("a # x\n b = '#' # y", ["a/b=#@2"]), ("a = x#y", ["a=x#y@1"]), ("a = x # y", ["a=x@1"]),
            ("a =", ["a=@1"]), ("a = # y", ["a=@1"]), ("a = \"\"", ["a=@1"]), ("a = 'x\"'", ["a=x\"@1"]),
            ("a = 1\n  b = 2", ["a=1@1", "a/b=2@2"]), ("a = ü\u{0}", ["a=ü\u{0}@1"]),
        ])
    func forms(text: String, expected: [String]) throws {
        #expect(try values(text) == expected)
    }

    @Test(
        "a line that can't be read is named",
        arguments: [
            ("a = \"x", 1, "quote"), ("a\n  b = 'x' y", 2, "quote"), ("\n x = 1", 2, "not below a section"),
            ("a b", 1, "can't be read"), ("= 1", 1, "can't be read"), ("a\n\tb = 1", 2, "can't be read"),
            ("ü = 1", 1, "can't be read"),
        ])
    func mistakes(text: String, line: Int, reason: String) {
        let error = #expect(throws: KeyError.self) { try ZPL(text) }
        #expect(error?.line == line)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test("a value that is there twice is refused by who wants it")
    func twice() throws {
        let text = try ZPL("a\n  b = 1\n  b = 2\na\n  c = 1")
        #expect(try text.only("a", "c")?.value == "1")
        #expect(try text.only("b") == nil)
        let error = #expect(throws: KeyError.self) { try text.only("a", "b") }
        #expect(error?.description == "a.b is already on line 2; allowed: it once")
    }

    @Test("any text is read or refused")
    func random() {
        let pieces = ["a", "b-c", " ", "    ", "\n", "\r\n", "=", "\"", "'", "#", "\t", "ü", "\u{0}", "curve", "1"]
        for seed in seeds(2000) {
            var random = SplitMix64(seed: seed)
            let text = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
            do throws(KeyError) {
                let read = try ZPL(text)
                for entry in read.entries {
                    #expect((1...lines).contains(entry.line) && !entry.path.isEmpty && text.contains(entry.value))
                }
            } catch {
                #expect((1...lines).contains(error.line ?? 0), "\(text)")
            }
        }
    }
}
