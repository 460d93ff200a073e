internal import MessagePack

/// The header `version`.
package enum VersionHeader: Sendable, Hashable {
    /// Missing, nil or empty: any version.
    case none
    /// A valid version.
    indirect case exact(Version)
    /// Not a valid version; the text shows the value.
    indirect case invalid(String)

    init(from reader: inout Reader) throws(MessagePackError) {
        let value = try reader.readValue()
        if value == .nil || value.stringValue == "" {
            self = .none
        } else if let text = value.stringValue, let version = Version(text) {
            self = .exact(version)
        } else {
            self = .invalid(value.description)
        }
    }
}
