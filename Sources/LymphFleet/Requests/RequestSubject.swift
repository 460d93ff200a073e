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
        guard let dot = method.lastIndex(of: "."), dot != method.startIndex, method.index(after: dot) != method.endIndex
        else {
            throw FleetFailure(
                .usage, "\"\(text)\" is not a subject",
                advice:
                    "a subject is interface.method or interface.method@version, such as echo.upper or echo.upper@1.2")
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
