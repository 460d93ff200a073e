internal import Lymph
internal import LymphFleet

extension Inspection {
    /// The lines for people, with the built-in interface last.
    func lines(width: Int) -> [Line] {
        let isBuiltin = { (interface: String) in BuiltinInterface.isName(interface) }
        let interfaces = Set(methods.map(\.interface))
        let sorted = interfaces.filter { !isBuiltin($0) }.sorted() + interfaces.filter(isBuiltin).sorted()
        var lines: [Line] = ["RPC interfaces of \(address, .bold)"]
        if let endpoint, endpoint != address { lines[0] += " at \(endpoint)" }
        for interface in sorted {
            lines += ["", Line(interface, .bold)]
            for method in methods where method.interface == interface {
                lines += Self.lines(of: method, width: width)
            }
        }
        return lines
    }

    private static func lines(of method: Method, width: Int) -> [Line] {
        let types = method.schema?.parameters.map(\.typeText) ?? []
        let parameters = method.parameters.enumerated().map { place, name -> Line in
            "\(name, .yellow)\(types.indices.contains(place) ? types[place] : "")"
        }
        let head: Line =
            "  rpc \(method.shortName, .red)(\(parameters.joined(separator: ", ")))\(method.schema?.resultText ?? "")"
        let margin = "      "
        let notes = method.schema?.notes ?? []
        let help = method.help.split(separator: "\n", omittingEmptySubsequences: false)
        let explained = help.flatMap { line -> [Line] in
            // Keeps the indentation within Python's docstrings.
            let margin = margin + line.prefix { $0 == " " }
            let text = line.drop { $0 == " " }.shown
            return text.isEmpty ? [] : text.wrapped(to: max(20, width - margin.count)).map { Line(margin + $0) }
        }
        return [head] + explained + notes.flatMap { Self.lines(of: $0, margin, width: width) }
    }

    /// A named type with what it consists of; further lines are indented.
    private static func lines(of note: (title: String, text: String), _ margin: String, width: Int) -> [Line] {
        let texts = "\(note.title): \(note.text)".shown.wrapped(to: max(20, width - margin.count - 2))
        return texts.enumerated().map { place, text in Line(margin + (place == 0 ? "" : "  ") + text) }
    }
}
