import Lymph

/// The options of all commands, from the tool's description of itself.
struct Options {
    private(set) var flags: Set<String> = []
    private(set) var valued: Set<String> = []

    init(_ text: String) throws {
        let help = try JSONParser.parse(Array(text.utf8))
        if let command = help["command"] { add(command) }
    }

    private mutating func add(_ command: JSON) {
        for argument in Self.elements(command["arguments"]) {
            let names = Self.elements(argument["names"]).compactMap { name -> String? in
                guard let text = name["name"]?.string else { return nil }
                return (name["kind"] == "long" ? "--" : "-") + text
            }
            switch argument["kind"] {
            case "flag": flags.formUnion(names)
            case "option": valued.formUnion(names)
            default: break
            }
        }
        for command in Self.elements(command["subcommands"]) { add(command) }
    }

    private static func elements(_ json: JSON?) -> [JSON] {
        if case .array(let elements)? = json { elements } else { [] }
    }
}
