/// Which methods a member may call: one (`echo.upper`), all of an interface (`echo.*`), or all (`*`).
///
/// `*` leaves out the interface `lymph`, which every service has: what it tells and changes is for operators. They get
/// `lymph.*`, or single methods of it.
public struct MethodPattern: Sendable, Hashable {
    private enum Kind: Hashable {
        case all
        case interface(String)
        case method(subject: String)
    }

    private let kind: Kind

    /// The interface that `*` leaves out.
    static let builtinInterface = "lymph"

    private static let allowed = "interface.method, interface.* or *"

    /// Reads a pattern.
    ///
    /// - Throws: ``AccessPolicyError`` that says what is wrong.
    public init(validating text: String) throws(AccessPolicyError) {
        let shown = "\"\(text.prefix(100))\""
        func fail(_ message: String, allowed: String = Self.allowed) -> AccessPolicyError {
            AccessPolicyError("\(shown) \(message)", allowed: allowed)
        }
        guard !text.isEmpty else { throw AccessPolicyError("the pattern is empty", allowed: Self.allowed) }
        guard text != "*" else {
            kind = .all
            return
        }
        guard text.unicodeScalars.allSatisfy({ $0.isShown && !$0.properties.isWhitespace }) else {
            throw fail("contains a space or a control character")
        }
        guard !text.contains("@") else { throw fail("has a version, but every version of an interface is meant") }
        // The name of an interface may contain dots, that of a method can't.
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else {
            let isName = !text.contains("*")
            throw fail("has no dot", allowed: isName ? "\(text).method, \(text).* or *" : Self.allowed)
        }
        let interface = String(text[..<dot])
        let method = text[text.index(after: dot)...]
        guard !interface.isEmpty, !method.isEmpty else { throw fail("lacks a name") }
        guard !interface.contains("*"), method == "*" || !method.contains("*") else {
            throw fail("has a * that is not the whole name of the method")
        }
        kind = method == "*" ? .interface(interface) : .method(subject: text)
    }

    /// Whether a method matches.
    ///
    /// - Parameter subject: The interface and the method: `echo.upper`.
    public func matches(_ subject: String) -> Bool {
        switch kind {
        case .all: Self.interface(of: subject).map { $0 != Self.builtinInterface } ?? false
        case .interface(let name): Self.interface(of: subject).map { $0 == name } ?? false
        case .method(let wanted): subject == wanted
        }
    }

    private static func interface(of subject: String) -> Substring? {
        subject.utf8.lastIndex(of: UInt8(ascii: ".")).map { subject[..<$0] }
    }
}

extension MethodPattern: LosslessStringConvertible {
    /// Reads a pattern; nil for anything else.
    public init?(_ description: String) { try? self.init(validating: description) }

    /// The pattern as it is written.
    public var description: String {
        switch kind {
        case .all: "*"
        case .interface(let name): "\(name).*"
        case .method(let subject): subject
        }
    }
}
