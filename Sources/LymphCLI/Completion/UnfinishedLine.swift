/// A command line whose last word a shell wants to complete.
struct UnfinishedLine: Equatable {
    /// What precedes the word, without options: the command first.
    private(set) var arguments: [String] = []
    /// The options before the word that have a value.
    private(set) var options: [String: String] = [:]
    /// The word.
    let word: String

    /// The options that take no value. Of all others, the next word is the value.
    private static let flags: Set<String> = [
        "-D", "--dump-headers", "-g", "--guess-external-ip", "-h", "-help", "--help", "--all", "--color", "--full",
        "--instances", "--json", "--no-check", "--no-color", "--sources", "--tagged", "--version", "--versions",
    ]

    /// - Parameters:
    ///   - words: All words of the line, the program first.
    ///   - index: Which of them is to be completed.
    ///   - prefix: The part of that word before the cursor.
    ///   - isSplit: Whether the shell takes `=` and `:` for words, as bash does.
    init(_ words: [String], _ index: Int, _ prefix: String, isSplit: Bool) {
        var words = Array(words.prefix(index).dropFirst()) + [prefix]
        if isSplit { words = Self.joined(words) }
        word = words.removeLast()
        var option: String?
        for word in words {
            if let name = option {
                options[name] = word
                option = nil
            } else if word.hasPrefix("--"), let sign = word.firstIndex(of: "=") {
                options[String(word[..<sign])] = String(word[word.index(after: sign)...])
            } else if word.hasPrefix("-"), word != "-" {
                if !Self.flags.contains(word) { option = word }
            } else {
                arguments.append(word)
            }
        }
    }

    private static func joined(_ words: [String]) -> [String] {
        var joined: [String] = []
        var isInside = false
        for word in words {
            let isSeparator = word == "=" || word == ":"
            if isSeparator || isInside, let last = joined.indices.last {
                joined[last] += word
            } else {
                joined.append(word)
            }
            isInside = isSeparator
        }
        return joined
    }
}
