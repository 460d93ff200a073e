import Testing

@testable import Lymph

@Suite struct ServiceNameTests {
    @Test(arguments: [
        ("echo", "echo"), ("lymph", "lymph"), ("a.b-c_D9", "a.b-c_D9"), (".", "%2e"), ("..", "%2e."),
        (".hidden", "%2ehidden"),
        ("a~b", "a%7eb"), ("a b", "a%20b"), ("100%", "100%25"), ("größe", "gr%c3%b6%c3%9fe"), ("😀", "%f0%9f%98%80"),
        ("echo@1", "echo%401"), ("a:b*?\\", "a%3ab%2a%3f%5c"),
    ])
    func escapes(name: String, escaped: String) throws {
        try ServiceName.validate(name)
        #expect(ServiceName.escape(name) == escaped)
        #expect(ServiceName.unescape(escaped) == name)
    }

    @Test(arguments: ["", "%", "%2", "%zz", "%2E", "%61", "a~b", ".x", "a/b", "%ff", "größe", "%2e%2e"])
    func unescapesItsOwnResultsOnly(text: String) {
        #expect(ServiceName.unescape(text) == nil)
    }

    @Test(arguments: [
        ("", "empty"), ("a/b", "slash"), ("/", "slash"), ("a\0", "control"), ("a\nb", "control"), ("\u{7F}", "control"),
        ("\u{2028}", "control"), (String(repeating: "a", count: 201), "too long"),
        (String(repeating: "ö", count: 34), "too long"),
    ])
    func refuses(name: String, reason: String) throws {
        let error = try #require(throws: RegistryError.self) { try ServiceName.validate(name) }
        #expect(error.code == .invalidName)
        #expect(error.message.contains(reason))
        #expect(!error.message.contains("\n") && !error.message.contains("\0"))
    }

    @Test func takesTheLongestNames() throws {
        try ServiceName.validate(String(repeating: "a", count: 200))
        try ServiceName.validate(String(repeating: "ö", count: 33))
        let file = RegistryFileName.instance(of: String(repeating: "a", count: 200), token: UniqueID.random())
        #expect(file.utf8.count <= 255)
    }

    @Test func roundTripsAnything() {
        for _ in 0..<5000 {
            let scalars = (0..<Int.random(in: 1...12)).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x2FF)) }
            let name = String(String.UnicodeScalarView(scalars))
            let escaped = ServiceName.escape(name)
            #expect(Array((ServiceName.unescape(escaped) ?? "").utf8) == Array(name.utf8))
            #expect(!escaped.contains("/") && !escaped.contains("~") && !escaped.hasPrefix("."))
        }
    }
}
