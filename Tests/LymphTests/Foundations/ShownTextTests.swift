import Lymph
import MessagePack
import Testing

@Suite("Text from others")
struct ShownTextTests {
    @Test(
        "joiners are kept where a script needs them, and escaped where they would be invisible",
        arguments: [
            ("echo\u{200d}", #"echo\u{200d}"#), ("ec\u{200c}ho", #"ec\u{200c}ho"#), ("\u{200d}", #"\u{200d}"#),
            // A mark in between changes nothing.
            ("e\u{fe0f}\u{200d}", "e\u{fe0f}\\u{200d}"),
            // Of several, or after another escaped one, none is kept.
            ("e\u{200d}\u{200d}", #"e\u{200d}\u{200d}"#), ("я\u{202e}\u{301}\u{200c}", "я\\u{202e}\u{301}\\u{200c}"),
            ("👩‍👩‍👧", "👩‍👩‍👧"), ("❤️‍🔥", "❤️‍🔥"), ("می‌خواهم", "می‌خواهم"), ("a\tb\n", #"a\tb\n"#), ("e\u{301}", "e\u{301}"),
        ])
    func shown(text: String, expected: String) {
        #expect(Array(text.shown.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        "invisible and confusable characters are escaped",
        arguments: [
            ("con\u{200b}tainer", #"con\u{200b}tainer"#), ("\u{feff}name", #"\u{feff}name"#),
            ("ip\u{a0}", #"ip\u{a0}"#), ("ip\u{202e}x", #"ip\u{202e}x"#), ("ip\u{200f}", #"ip\u{200f}"#),
            ("a\u{ad}b", #"a\u{ad}b"#), ("a\u{34f}b", #"a\u{34f}b"#), ("a\u{fe0f}", #"a\u{fe0f}"#),
            ("a\u{3164}", #"a\u{3164}"#), ("a\u{2028}b", #"a\u{2028}b"#), ("a\u{7f}\u{1b}", #"a\u{7f}\u{1b}"#),
            ("a\u{e0061}", #"a\u{e0061}"#), ("a\u{f8ff}", #"a\u{f8ff}"#),
            // é as one character, and as two.
            ("caf\u{e9}", "caf\u{e9}"), ("cafe\u{301}", #"cafe\u{301}"#),
            ("e\u{301}\u{302}", #"e\u{301}\u{302}"#),
            // Line ends and tabs, and joiners wherever they are.
            ("a\tb\nc", #"a\tb\nc"#), ("echo\u{200d}", #"echo\u{200d}"#), ("می\u{200c}خ", #"می\u{200c}خ"#),
            // Cyrillic letters among Latin ones, and full width ones.
            ("\u{441}ontainer", #"\u{441}ontainer"#), ("p\u{ff4f}rt", #"p\u{ff4f}rt"#),
        ])
    func escaped(text: String, expected: String) {
        #expect(text.visible == expected)
    }

    @Test(
        "text in other scripts is unchanged",
        arguments: ["container", "a b c", "größe", "порт и port", "θ", "हिन्दी", "日本語", "… → ✓", "😀", ""])
    func plain(text: String) {
        #expect(text.visible == text)
    }

    @Test("keys, values and hints of a mistake are escaped")
    func mistakes() throws {
        struct Settings: Decodable {
            var name: String
            var port: Int?
        }
        let wrong: Configuration = ["nam\u{200b}e": "x", "port": "1\u{200b}"]
        do throws(ConfigurationError) {
            _ = try wrong.decode(Settings.self)
            Issue.record("it was taken")
        } catch {
            #expect(
                error.description == #"""
                    name: is missing; did you mean nam\u{200b}e? allowed: a string
                    port: found the string "1\u{200b}"; allowed: a whole number
                    """#)
            // A program gets the original text.
            #expect(error.problems.first?.nearest == ["nam\u{200b}e"])
        }
        #expect(
            RegistryError.unknown("echo", among: ["ech\u{200b}o"]).message
                == #"no service was ever registered as "echo"; did you mean "ech\u{200b}o"?"#)
    }
}
