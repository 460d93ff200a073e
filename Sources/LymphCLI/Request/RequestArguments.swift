internal import Lymph
internal import LymphFleet
internal import LymphService
internal import MessagePack

/// The arguments of a request as a person gives them: JSON on the command line, from standard input, or both.
enum RequestArguments {
    /// Finds and reads the arguments.
    ///
    /// - Parameters:
    ///   - words: What follows the subject: nothing or `-` (read standard input), a document, or a document and `-`
    ///     (the members from standard input are added to it).
    ///   - input: Reads standard input.
    static func read(_ words: [String], input: () throws(Failure) -> [UInt8]) throws(Failure) -> Value {
        switch (words.first, words.dropFirst().first) {
        case (nil, nil), ("-", nil):
            return .map(try map(of: try input(), from: "the arguments from standard input"))
        case (let text?, nil):
            return .map(try map(of: Array(text.utf8), from: "the arguments"))
        case (let text?, "-") where words.count == 2 && text != "-":
            var map = try map(of: Array(text.utf8), from: "the arguments")
            for (name, value) in try self.map(of: try input(), from: "the arguments from standard input") {
                map[name] = value
            }
            return .map(map)
        default:
            throw Failure(
                .usage, "too many arguments",
                advice: "put the JSON in single quotes: lymph request echo.upper '{\"text\": \"foo\"}'")
        }
    }

    private static func map(of bytes: [UInt8], from name: String) throws(Failure) -> Map {
        let json: JSON
        do throws(JSONError) { json = try JSONParser.parse(bytes) } catch { throw Failure(error, in: name) }
        let value: Value
        do throws(FleetFailure) { value = try Value(json) } catch { throw Failure(error) }
        guard case .map(let map) = value else {
            throw Failure(
                .invalidJSON, "\(name) are not a JSON object", advice: "arguments have names: {\"text\": \"foo\"}")
        }
        return map
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
