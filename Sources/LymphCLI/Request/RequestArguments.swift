internal import Lymph
internal import LymphFleet
internal import LymphService

/// The arguments of a request as a person gives them: JSON on the command line, from standard input, or both, and
/// single ones as `name=value`.
enum RequestArguments {
    /// Finds and reads the arguments.
    ///
    /// - Parameters:
    ///   - words: What follows the subject: documents, of which at most one, `-` for standard input, at most once, and
    ///     `name=value`. What comes later counts more. Nothing at all is the same as `-`.
    ///   - input: Reads standard input.
    static func read(_ words: [String], input: () throws(Failure) -> [UInt8]) throws(Failure) -> GivenArguments {
        guard words.count(where: { $0 == "-" }) <= 1 else {
            throw Failure(.usage, "too many arguments: standard input can be read only once")
        }
        let documents = words.filter { $0 != "-" && pair($0) == nil }
        guard documents.count <= 1 else { throw tooMany(documents[1]) }
        var arguments = GivenArguments()
        for word in words.isEmpty ? ["-"] : words {
            if word == "-" {
                try add(members(of: try input(), from: "the arguments from standard input"), to: &arguments)
            } else if let (name, text) = pair(word) {
                arguments[name] = .text(text)
            } else if word.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:/@".contains($0) }), !word.isEmpty {
                throw Failure(
                    .invalidJSON, "\(word.debugDescription) is neither a JSON object nor name=value",
                    advice: namesAdvice)
            } else {
                try add(members(of: Array(word.utf8), from: "the arguments"), to: &arguments)
            }
        }
        return arguments
    }

    private static let namesAdvice = "arguments have names: {\"text\": \"foo\"} or text=foo"

    private static func tooMany(_ word: String) -> Failure {
        Failure(
            .usage, "too many arguments: \(word.shown)",
            advice: "put the JSON in single quotes: lymph request echo.upper '{\"text\": \"foo\"}'")
    }

    /// The parts of `name=value`; nil if it is something else, such as a document.
    private static func pair(_ word: String) -> (name: String, text: String)? {
        guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { return nil }
        let name = word[..<sign]
        guard name.unicodeScalars.allSatisfy({ $0.properties.isXIDContinue || $0 == "-" }) else { return nil }
        return (String(name), String(word[word.index(after: sign)...]))
    }

    private static func add(_ members: [JSON.Member], to arguments: inout GivenArguments) {
        for member in members { arguments[member.name] = .json(member.value) }
    }

    private static func members(of bytes: [UInt8], from name: String) throws(Failure) -> [JSON.Member] {
        let json: JSON
        do throws(JSONError) { json = try JSONParser.parse(bytes) } catch { throw Failure(error, in: name) }
        guard case .object(let members) = json else {
            throw Failure(
                .invalidJSON, "\(name) are not a JSON object",
                advice: namesAdvice)
        }
        return members
    }
}

extension Failure {
    /// - Parameter name: What the text is called in messages, such as `the arguments`.
    init(_ error: JSONError, in name: String) {
        self.init(
            .invalidJSON, "\(name) are not valid JSON: line \(error.line), column \(error.column): \(error.reason)",
            details: ["  " + error.excerpt, String(repeating: " ", count: error.beginning.displayWidth + 2) + "^"])
    }
}
