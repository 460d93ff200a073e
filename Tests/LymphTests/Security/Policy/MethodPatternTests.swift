import Testing

@testable import Lymph

@Suite("Patterns of methods")
struct MethodPatternTests {
    @Test(
        "what matches",
        arguments: [
            ("echo.upper", "echo.upper", true), ("echo.upper", "echo.lower", false),
            ("echo.upper", "echo.upper2", false),
            ("echo.*", "echo.upper", true), ("echo.*", "echo2.upper", false), ("echo.*", "echo.v2.upper", false),
            ("echo.v2.*", "echo.v2.upper", true), ("echo.*", "echo", false), ("*", "echo.upper", true),
            ("*", "lymph.status", false), ("*", "lymph.v2.status", true), ("*", "upper", false),
            ("lymph.*", "lymph.status", true), ("lymph.*", "echo.upper", false), ("lymph.status", "lymph.status", true),
            ("lymph.status", "lymph.inspect", false),
        ])
    func matches(pattern: String, subject: String, isMatch: Bool) throws {
        let pattern = try MethodPattern(validating: pattern)
        #expect(pattern.matches(subject) == isMatch)
        #expect(MethodPattern(pattern.description) == pattern)
    }

    @Test("the interface that needs its own pattern is the built-in one")
    func builtin() { #expect(MethodPattern.builtinInterface == BuiltinInterface.name) }

    @Test(
        "mistakes say what is allowed",
        arguments: [
            ("", "the pattern is empty; allowed: interface.method, interface.* or *"),
            ("echo", #""echo" has no dot; allowed: echo.method, echo.* or *"#),
            ("ec*", #""ec*" has no dot; allowed: interface.method, interface.* or *"#),
            ("**", #""**" has no dot; allowed: interface.method, interface.* or *"#),
            (
                "*.upper",
                #""*.upper" has a * that is not the whole name of the method; allowed: interface.method, interface.* or *"#
            ),
            (
                "echo.up*",
                #""echo.up*" has a * that is not the whole name of the method; allowed: interface.method, interface.* or *"#
            ),
            (
                "*.*",
                #""*.*" has a * that is not the whole name of the method; allowed: interface.method, interface.* or *"#
            ),
            (".upper", #"".upper" lacks a name; allowed: interface.method, interface.* or *"#),
            ("echo.", #""echo." lacks a name; allowed: interface.method, interface.* or *"#),
            (
                "echo@1.2.upper",
                #""echo@1.2.upper" has a version, but every version of an interface is meant; allowed: interface.method, interface.* or *"#
            ),
            (
                "echo .upper",
                #""echo .upper" contains a space or a control character; allowed: interface.method, interface.* or *"#
            ),
            ("a\n.b", #""a\n.b" contains a space or a control character; allowed: interface.method, interface.* or *"#),
        ])
    func mistakes(text: String, message: String) {
        #expect(MethodPattern(text) == nil)
        let error = #expect(throws: AccessPolicyError.self) { try MethodPattern(validating: text) }
        #expect(error?.description == message)
    }

    @Test("any text is a pattern that is written like this, or refused")
    func random() {
        let pieces = ["a", "lymph", ".", ".", "*", "@", " ", "é", "\u{202e}", "\n", "1"]
        for seed in seeds(3000) {
            var random = SplitMix64(seed: seed)
            let text = (0..<Int.random(in: 0..<6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            do throws(AccessPolicyError) {
                let pattern = try MethodPattern(validating: text)
                #expect(pattern.description == text)
                let subject = text == "*" ? "a.b" : text.replacing("*", with: "x")
                #expect(pattern.matches(subject), "\(text)")
                #expect(text == "*" || !pattern.matches(subject + ".x"))
            } catch {
                #expect(error.problems.count == 1)
                #expect(error.problems.first?.allowed != nil)
            }
        }
    }
}
