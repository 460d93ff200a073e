internal import Lymph

/// The subject of a request: `interface.method`, optionally with `@version`.
package struct RequestSubject: Equatable, Sendable {
    /// `interface.method`
    package let method: String
    /// The part before the last dot; also the service's name.
    package let interface: String
    /// The version as the user wrote it.
    package let version: String?

    package init(_ text: String) throws(FleetFailure) {
        let method = String(text.prefix { $0 != "@" })
        let parts = method.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, !parts.contains(""), !text.contains(where: \.isWhitespace),
            let dot = method.lastIndex(of: ".")
        else {
            let methods = parts.count == 1 && !method.isEmpty ? "; `lymph inspect \(method)` shows the methods" : ""
            throw FleetFailure(
                .usage, "\(text.debugDescription) is not a subject",
                advice: "a subject is interface.method or interface.method@version, such as echo.upper@1.2\(methods)")
        }
        guard VersionedName(text) != nil else {
            throw FleetFailure(
                .usage, "\"\(text.dropFirst(method.count + 1))\" is not a version", advice: "versions look like 1.2")
        }
        self.method = method
        interface = String(method[..<dot])
        version = text.count > method.count ? String(text.dropFirst(method.count + 1)) : nil
    }
}
