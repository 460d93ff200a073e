/// What the name of an entry in a registry directory says about it.
enum RegistryFileName: Hashable {
    /// The document of an instance: `<service>~<32 hexadecimal digits>.json`.
    case instance(service: String)
    /// The marker that the service was registered at some time: `<service>~known`.
    case known(service: String)
    /// A document that is being written: `.<32 hexadecimal digits>.tmp`.
    case temporary

    /// Parses a name; nil if it is not one of ours.
    init?(_ name: String) {
        if name.hasPrefix("."), name.hasSuffix(".tmp"), Self.isToken(name.dropFirst().dropLast(4)) {
            self = .temporary
            return
        }
        let parts = name.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 2, let service = ServiceName.unescape(parts[0]) else { return nil }
        if parts[1] == "known" {
            self = .known(service: service)
        } else if parts[1].hasSuffix(".json"), Self.isToken(parts[1].dropLast(5)) {
            self = .instance(service: service)
        } else {
            return nil
        }
    }

    /// The name of the document of an instance.
    static func instance(of service: String, token: String) -> String {
        "\(ServiceName.escape(service))~\(token).json"
    }

    /// The name of the marker that the service was registered at some time.
    static func known(_ service: String) -> String {
        "\(ServiceName.escape(service))~known"
    }

    /// The name of a document that is being written.
    static func temporary(token: String) -> String {
        ".\(token).tmp"
    }

    private static func isToken(_ text: Substring) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
