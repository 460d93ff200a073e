/// The names of an interface's methods and of their parameters.
struct MethodNames: Sendable {
    private let all: [(method: String, parameters: [String])]

    init<I>(_ routes: Routes<I>) { all = routes.all.map { ($0.name, $0.parameters) } }

    /// Checks what the type system can't.
    ///
    /// - Parameter interface: The interface, for people.
    /// - Throws: ``LymphError`` with code `configuration` that names the mistake.
    func validate(_ interface: String) throws(LymphError) {
        func fail(_ text: String) -> LymphError { LymphError(.configuration, "interface \(interface): \(text)") }
        var seen: Set<String> = []
        for (method, parameters) in all {
            let shown = method.debugDescription
            if method.isEmpty || method.contains(".") {
                throw fail("a method can't be named \(shown): a name has at least one character and no dot")
            }
            guard seen.insert(method).inserted else { throw fail("there are two methods \(shown)") }
            var named: Set<String> = []
            for parameter in parameters {
                if parameter.isEmpty { throw fail("method \(shown) has a parameter without a name") }
                guard named.insert(parameter).inserted else {
                    throw fail("method \(shown) has two parameters \(parameter.debugDescription)")
                }
            }
        }
    }
}
