internal import Lymph

/// Explains why a request may have been refused, from the service's list of methods.
package struct RefusalExplanation: Equatable, Sendable {
    /// What seems to be wrong.
    package let text: String
    /// A suggestion: `did you mean upper?`
    package private(set) var question: String?
    /// Whether the method doesn't exist, so that certainly nothing was executed. Statements about arguments are
    /// guesses: a Python method may accept others than it lists, and may have run and failed.
    package private(set) var isAboutMethod = true

    /// The text and the suggestion.
    package var description: String { question.map { "\(text); \($0)" } ?? text }

    /// What may help, if anything.
    ///
    /// - Parameters:
    ///   - isReasonKnown: Whether the service said what is wrong; then only the suggestion is missing.
    ///   - isVersionKnown: Whether the answer names the service's version. If it doesn't, the service found no
    ///     method, and the arguments of another version are of no help.
    package func advice(isReasonKnown: Bool, isVersionKnown: Bool) -> String? {
        guard isReasonKnown else { return description }
        return isAboutMethod || isVersionKnown ? question : nil
    }

    private init(_ text: String, question: String? = nil) {
        // The mistake may be a name that looks like another.
        self.text = text.visible
        self.question = question?.visible
    }

    /// - Parameters:
    ///   - method: `interface.method`
    ///   - asked: The requested version.
    ///   - arguments: The names of the arguments that were sent.
    /// - Returns: nil if the names seem to be right.
    package init?(_ method: String, _ asked: Inspection.Asked = .any, arguments: [String], in inspection: Inspection) {
        let candidates = inspection.methods.filter { $0.name == method }
        if let found = inspection.method(method, asked) {
            self.init(arguments, of: found)
        } else if !candidates.isEmpty {
            let there = "there is " + candidates.map(\.interface).joined(separator: ", ")
            switch asked {
            case .exactly(let version):
                self.init("with an address, exactly \(version) is called, but \(there)")
            case .any: self.init(there)
            case .compatible(let version): self.init("no version is compatible with \(version); \(there)")
            }
        } else {
            self.init(missing: method, in: inspection)
        }
    }

    /// - Returns: nil if the method takes these arguments.
    private init?(_ arguments: [String], of method: Inspection.Method) {
        let takes = "\(method.shortName) takes (\(method.parameters.joined(separator: ", ")))"
        if let strange = arguments.first(where: { !method.parameters.contains($0) }) {
            self.init(
                "there is no parameter \(strange): \(takes)", question: NearNames.question(strange, method.parameters))
        } else if arguments.count < method.parameters.count {
            self.init(takes)
        } else {
            return nil
        }
        isAboutMethod = false
    }

    private init(missing method: String, in inspection: Inspection) {
        let interface = method.prefix(upTo: method.lastIndex(of: ".") ?? method.endIndex)
        let siblings = inspection.methods.filter { $0.name.hasPrefix(interface + ".") }.map(\.shortName)
        guard siblings.isEmpty else {
            let name = String(method.dropFirst(interface.count + 1))
            self.init("\(interface) has no method \(name)", question: NearNames.question(name, siblings))
            return
        }
        let interfaces = Set(inspection.methods.map(\.interface)).filter { !BuiltinInterface.isName($0) }.sorted()
        self.init(
            "there is no interface \(interface), but "
                + (interfaces.isEmpty ? "none at all" : interfaces.joined(separator: ", ")))
    }
}
