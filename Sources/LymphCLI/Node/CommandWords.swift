/// A command that is no list of words: a quote without an end.
struct CommandError: Error, Hashable, CustomStringConvertible {
    let description: String
}

/// Splits a command into its words as a shell does, without any expansion: blanks separate, quotes and backslashes keep
/// together.
func commandWords(_ command: String) throws(CommandError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in command {
        if isEscaped {
            // Between double quotes a backslash is only special before these.
            if quote != nil, character != "\"", character != "\\" { word = (word ?? "") + "\\" }
            word = (word ?? "") + String(character)
            isEscaped = false
        } else if character == "\\", quote != "'" {
            isEscaped = true
        } else if let open = quote {
            if character == open { quote = nil } else { word = (word ?? "") + String(character) }
        } else if character == "'" || character == "\"" {
            quote = character
            word = word ?? ""
        } else if character.isWhitespace {
            if let complete = word { words.append(complete) }
            word = nil
        } else {
            word = (word ?? "") + String(character)
        }
    }
    if let quote { throw CommandError(description: "\(quote) is opened and not closed in: \(command)") }
    if isEscaped { throw CommandError(description: "nothing follows the backslash at the end of: \(command)") }
    if let complete = word { words.append(complete) }
    guard !words.isEmpty else { throw CommandError(description: "the command is empty") }
    return words
}
