internal import Lymph

extension FuzzTarget {
    /// JSON as people write it and as programs do.
    static let json = FuzzTarget(
        "json",
        seeds: [
            #"{"a": [1, -2.5e-3, true, null], "é": "\ud83d\ude00\n"}"#, "18446744073709551615", "[[[[]]]]",
            #"{"a": 1, "a": 2, "": {}}"#, "1e400", "-0.0", "\"\u{200b}\\u0000\"",
        ].map(\.bytes),
        words: ["null", "true", "false", "\\u", "\\ud83d\\ude00", "\": ", "e-", "9223372036854775808"]
    ) { input throws(BrokenProperty) in
        let lenient = try? JSONParser.parse(input, isStrict: false)
        let strict: JSON
        do throws(JSONError) { strict = try JSONParser.parse(input) } catch {
            try demand(error.line >= 1 && error.column >= 1, "an error has a place")
            try demand(error.excerpt.utf8.starts(with: error.beginning.utf8), "the excerpt has the place")
            if let lenient { try check(lenient) }
            return
        }
        try demand(strict == lenient, "what a person may write, a program may write")
        try check(strict)
    }

    private static func check(_ json: JSON) throws(BrokenProperty) {
        for text in [json.text, json.indented, json.inOrder] {
            guard let again = try? JSONParser.parse(text.bytes) else {
                throw BrokenProperty(description: "\(text) is refused")
            }
            try demand(again.text == json.text, "\(text) is read back")
            try demand(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.isShown }, "\(text) can be shown")
        }
    }
}
