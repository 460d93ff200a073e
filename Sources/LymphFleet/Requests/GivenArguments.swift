package import Lymph
package import MessagePack

/// The arguments of a request as a person gives them, before anything is known about their types.
package struct GivenArguments: Equatable, Sendable {
    /// One argument.
    package enum Argument: Equatable, Sendable {
        case json(JSON)
        /// What follows `name=`: the text itself if the method takes a text, a date or the like, otherwise JSON.
        case text(String)

        /// The document. Text that is no JSON is a string.
        ///
        /// - Parameter isText: Whether text must not be read as JSON.
        func json(isText: Bool) -> JSON {
            switch self {
            case .json(let json): json
            case .text(let text): isText ? .string(text) : (try? JSONParser.parse(Array(text.utf8))) ?? .string(text)
            }
        }
    }

    /// The names in the order in which they were given first.
    package private(set) var names: [String] = []
    private var arguments: [String: Argument] = [:]

    package var isEmpty: Bool { names.isEmpty }

    package init() {}

    /// The argument of a name. The last one that is set counts.
    package subscript(name: String) -> Argument? {
        get { arguments[name] }
        set {
            if arguments[name] == nil, newValue != nil { names.append(name) }
            if newValue == nil { names.removeAll { $0 == name } }
            arguments[name] = newValue
        }
    }

    /// The arguments for a method of whose types nothing is known.
    ///
    /// - Throws: ``FleetFailure`` if a value in lymph's own format is wrong.
    package func untyped() throws(FleetFailure) -> Value {
        var map = Map()
        for name in names {
            guard let argument = arguments[name] else { continue }
            map[name] = try Value(argument.json(isText: false), at: "." + name)
        }
        return .map(map)
    }
}
