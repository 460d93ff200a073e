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
        let parameters = method.parameters.map { Line($0, .yellow) }.joined(separator: ", ")
        let head: Line = "  rpc \(method.shortName, .red)(\(parameters))"
        let help = method.help.split(separator: "\n", omittingEmptySubsequences: false)
        return [head]
            + help.flatMap { line -> [Line] in
                // Keeps the indentation within Python's docstrings.
                let margin = "      " + line.prefix { $0 == " " }
                let text = line.drop { $0 == " " }.shown
                return text.isEmpty ? [] : text.wrapped(to: max(20, width - margin.count)).map { Line(margin + $0) }
            }
    }
}
