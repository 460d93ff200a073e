/// The text that the key files of pyzmq and czmq are written in: names with values, indented below sections (RFC 4).
///
/// ```
/// # a comment
/// metadata
///     name = Echo
/// curve
///     public-key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
/// ```
struct ZPL: Sendable, Equatable {
    /// A name with a value.
    struct Entry: Sendable, Equatable {
        /// The names of the sections around it, and its own.
        var path: [String]
        var value: String
        /// From 1.
        var line: Int
    }

    /// All names with values, in their order.
    private(set) var entries: [Entry] = []

    /// - Throws: ``KeyError`` with the first line that can't be read.
    init(_ text: String) throws(KeyError) {
        var sections: [(indentation: Int, name: String)] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in zip(1..., lines) {
            let content = line.drop { $0 == " " }
            guard let first = content.first, first != "#", content.contains(where: { !$0.isWhitespace }) else {
                continue
            }
            let indentation = line.utf8.count - content.utf8.count
            while let last = sections.last, last.indentation >= indentation { sections.removeLast() }
            guard indentation == 0 || !sections.isEmpty else {
                throw KeyError("the line is indented, but not below a section", line: number)
            }
            let (name, value) = try Self.parse(content, number)
            sections.append((indentation, name))
            if let value { entries.append(Entry(path: sections.map(\.name), value: value, line: number)) }
        }
    }

    /// The only value at a path.
    ///
    /// - Throws: ``KeyError`` if there are several.
    func only(_ path: String...) throws(KeyError) -> Entry? {
        let found = entries.filter { $0.path == path }
        guard found.count < 2 else {
            throw KeyError(
                "\(path.joined(separator: ".")) is already on line \(found[0].line)", line: found[1].line,
                allowed: "it once")
        }
        return found.first
    }

    /// - Returns: The name of a line, and its value; nil if it is a section.
    private static func parse(_ line: Substring, _ number: Int) throws(KeyError) -> (name: String, value: String?) {
        let name = line.prefix { isName($0) }
        let rest = line[name.endIndex...].drop(while: \.isWhitespace)
        if !name.isEmpty, rest.isEmpty || rest.first == "#" { return (String(name), nil) }
        guard !name.isEmpty, rest.first == "=" else {
            throw KeyError(
                "the line can't be read", line: number, allowed: "a name, a name with = and a value, or a # comment")
        }
        return (String(name), try value(rest.dropFirst().drop(while: \.isWhitespace), number))
    }

    private static func value(_ text: Substring, _ number: Int) throws(KeyError) -> String {
        if let quote = text.first, quote == "\"" || quote == "'" {
            let quoted = text.dropFirst().prefix { $0 != quote }
            let rest = text[quoted.endIndex...].dropFirst().drop(while: \.isWhitespace)
            guard quoted.endIndex < text.endIndex, rest.isEmpty || rest.first == "#" else {
                throw KeyError("the value doesn't end with its quote", line: number, allowed: "a value in quotes")
            }
            return String(quoted)
        }
        // A # that follows something else than a space is part of the value.
        var value = text[...]
        for index in text.indices where text[index] == "#" {
            guard index == text.startIndex || text[text.index(before: index)].isWhitespace else { continue }
            value = text[..<index]
            break
        }
        while value.last?.isWhitespace == true { value.removeLast() }
        return String(value)
    }

    private static func isName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "$-_@.&+/".contains(character))
    }
}
