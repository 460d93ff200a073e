package import Lymph

/// Finds out what may be wrong with a request that was refused, from what the service says of its methods.
package struct RefusalExplanation: Equatable, Sendable {
    /// What seems to be wrong.
    package let text: String
    /// What may have been meant: `did you mean upper?`
    package private(set) var question: String?
    /// Whether the method isn't there, so that nothing can have been executed. What is said of arguments is a guess: a method of
    /// Python's may take others than it names, and have failed.
    package private(set) var isAboutMethod = true

    /// Both in one.
    package var description: String { question.map { "\(text); \($0)" } ?? text }

    /// What helps a person, if anything does.
    ///
    /// - Parameters:
    ///   - isReasonKnown: Whether the service has said what is wrong: what is missing then is what may have been meant.
    ///   - isVersionKnown: Whether it has named its version. One that has not has found no method, and what the arguments of
    ///     another version are is of no help.
    package func advice(isReasonKnown: Bool, isVersionKnown: Bool) -> String? {
        guard isReasonKnown else { return description }
        return isAboutMethod || isVersionKnown ? question : nil
    }

    /// Which version of a method a request was for.
    package enum Asked {
        /// The one without a version, or else the highest.
        case any
        /// This one and no other.
        case exactly(Version)
        /// The highest that is compatible.
        case compatible(Version)

        fileprivate func includes(_ version: Version?) -> Bool {
            switch self {
            case .any: true
            case .exactly(let asked): version == asked
            case .compatible(let asked): version?.isCompatible(with: asked) ?? false
            }
        }
    }

    private init(_ text: String, question: String? = nil) {
        // Names that look alike are what it may be about.
        self.text = text.visible
        self.question = question?.visible
    }

    /// - Parameters:
    ///   - method: `interface.method`
    ///   - asked: Its version.
    ///   - arguments: The names of the arguments that were sent.
    /// - Returns: nil if nothing seems wrong with the names.
    package init?(_ method: String, _ asked: Asked = .any, arguments: [String], in inspection: Inspection) {
        let candidates = inspection.methods.filter { $0.name == method }
            .map { (method: $0, version: $0.version.flatMap { Version($0) }) }
        if let found = candidates.filter({ asked.includes($0.version) }).max(by: { Self.isLess($0.version, $1.version) }
        ) {
            self.init(arguments, of: found.method)
        } else if !candidates.isEmpty {
            let there = "there is " + candidates.map(\.method.interface).joined(separator: ", ")
            switch asked {
            case .exactly(let version): self.init("an address is asked for exactly \(version), but \(there)")
            case .any: self.init(there)
            case .compatible(let version): self.init("no version is compatible with \(version); \(there)")
            }
        } else {
            self.init(missing: method, in: inspection)
        }
    }

    /// As a service chooses: one without a version comes first.
    private static func isLess(_ a: Version?, _ b: Version?) -> Bool {
        guard let a else { return false }
        guard let b else { return true }
        return a < b
    }

    /// - Returns: nil if the arguments are those that the method takes.
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
