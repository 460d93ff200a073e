import Foundation

/// The way of a call as *Design* lists it: sections of stops, each a file of `Sources/Lymph` with the functions that a
/// call passes there.
///
/// ```
/// There, in the caller
///   Client/Client        call > send            each function calls the next; the last one, the first of the next stop
///   Core/Poller+Calls    call > begin
///     Core/Calls/Calls     begin, sent          what the stop above asks: it calls each of them
///   Service/RPC          init, as body          called by this name, because it is called through a stored closure
/// ```
struct CallPath {
    struct Stop {
        let file: String
        let functions: [String]
        /// The name by which the previous stop calls the first function.
        let calledAs: String
        let isAsked: Bool
    }

    private(set) var sections: [(title: String, stops: [Stop])] = []

    init(_ lines: some Sequence<String>) {
        for line in lines where !line.allSatisfy(\.isWhitespace) {
            let indent = line.prefix { $0 == " " }.count
            let text = line.trimmingCharacters(in: .whitespaces)
            if indent == 0 {
                sections.append((text, []))
            } else if !sections.isEmpty {
                sections[sections.count - 1].stops.append(Self.stop(text, isAsked: indent > 2))
            }
        }
    }

    private static func stop(_ text: String, isAsked: Bool) -> Stop {
        let file = String(text.prefix { $0 != " " })
        let rest = text.dropFirst(file.count).trimmingCharacters(in: .whitespaces)
        let parts = rest.components(separatedBy: ", as ")
        let functions = parts[0].components(separatedBy: isAsked ? ", " : " > ")
        return Stop(
            file: file, functions: functions, calledAs: parts.count > 1 ? parts[1] : functions[0], isAsked: isAsked)
    }

    var files: Set<String> { Set(sections.flatMap(\.stops).map(\.file)) }

    /// What is wrong with the list.
    ///
    /// - Parameter source: The text of a file.
    func problems(_ source: (String) -> String?) -> [String] {
        sections.flatMap { section in
            var problems: [String] = []
            var seen: Set<String> = []
            var previous: (stop: Stop, code: SourceCode)?
            for stop in section.stops {
                guard let text = source(stop.file) else { return problems + ["there is no \(stop.file)"] }
                let code = SourceCode(text)
                problems += stop.functions.filter { code.bodies(of: $0).isEmpty }.map { "\(stop.file) has no \($0)" }
                if !seen.insert(stop.file).inserted { problems.append("\(section.title): \(stop.file) comes twice") }
                if let (above, aboveCode) = previous {
                    let callers = stop.isAsked ? above.functions : above.functions.suffix(1)
                    for callee in stop.isAsked ? stop.functions : [stop.calledAs]
                    where !callers.contains(where: { aboveCode.calls(callee, in: $0) }) {
                        problems.append("\(above.file) does not call \(callee)")
                    }
                }
                if stop.isAsked { continue }
                for (caller, callee) in zip(stop.functions, stop.functions.dropFirst())
                where !code.calls(callee, in: caller) {
                    problems.append("\(stop.file): \(caller) does not call \(callee)")
                }
                previous = (stop, code)
            }
            return problems
        }
    }
}

/// Swift code, formatted as `swift format` does: a declaration ends with the first brace at its own indentation.
private struct SourceCode {
    private let lines: [String]

    init(_ text: String) { lines = text.components(separatedBy: "\n") }

    /// The bodies of the functions of a name, or of the closure that a constant of this name holds.
    func bodies(of name: String) -> [String] {
        let word = NSRegularExpression.escapedPattern(for: name)
        let pattern = name == "init" ? #"^\s*[a-z ]*\binit\b[(<]"# : #"^\s*[a-z@() ]*\b(func|let)\s+"# + word + #"\b"#
        return lines.indices.filter { lines[$0].range(of: pattern, options: .regularExpression) != nil }.map { start in
            let indent = String(lines[start].prefix { $0 == " " })
            let body = lines[start...].dropFirst().prefix { $0 != indent + "}" }
            return ([String(lines[start].drop { $0 != "{" && $0 != "=" })] + body).joined(separator: "\n")
        }
    }

    func calls(_ callee: String, in caller: String) -> Bool {
        let call =
            #"\b"# + NSRegularExpression.escapedPattern(for: callee) + #"\(|\b"#
            + NSRegularExpression.escapedPattern(for: callee) + #" \{"#
        return bodies(of: caller).contains { $0.range(of: call, options: .regularExpression) != nil }
    }
}
