internal import Lymph

/// The servers and the chroot, from one text in the format of Python's kazoo: `zk1:2181,zk2:2181/chroot`.
struct ZooKeeperHosts: Sendable, Hashable {
    /// The servers, each with a port, separated by commas.
    var servers: String
    /// The node below which everything is: empty for the root, else with a leading and no trailing slash.
    var chroot: String

    /// Whether all servers are on this machine.
    var areLocal: Bool {
        servers.split(separator: ",").allSatisfy {
            $0.hasPrefix("127.") || $0.hasPrefix("localhost:") || $0.hasPrefix("[::1]")
        }
    }

    /// - Parameters:
    ///   - text: The servers, with port 2181 where none is given, and optionally a chroot.
    ///   - chroot: The chroot, if the text has none; `/lymph` if this is nil, too.
    /// - Throws: ``/Lymph/RegistryError`` with code `unavailable` that says what is wrong.
    init(_ text: String, chroot: String?) throws(RegistryError) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        let inText = Self.trimmed(text[slash...])
        if let chroot, let inText, Self.trimmed(chroot[...]) != inText {
            throw RegistryError(
                .unavailable, "the hosts of ZooKeeper say \(inText) and the chroot \(chroot): leave one of them out")
        }
        self.chroot = inText ?? chroot.map { Self.trimmed($0[...]) ?? "" } ?? "/lymph"
        for part in self.chroot.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        where part.isEmpty || NodeName.encode(String(part)) != part {
            throw RegistryError(.unavailable, "\(self.chroot) cannot be a chroot in ZooKeeper")
        }
        var servers: [String] = []
        for server in text[..<slash].split(separator: ",", omittingEmptySubsequences: false) {
            servers.append(try Self.server(server, in: text))
        }
        self.servers = servers.joined(separator: ",")
    }

    private static func trimmed(_ path: Substring) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let inner = parts.drop { $0.isEmpty }
        guard !inner.isEmpty else { return nil }
        return "/" + (inner.last == "" ? inner.dropLast() : inner).joined(separator: "/")
    }

    private static func server(_ text: Substring, in all: String) throws(RegistryError) -> String {
        let text = text.drop { $0 == " " }.prefix { $0 != " " }
        // Only the part after the last colon can be a port; an IPv6 address with a port has brackets.
        let colon = text.hasSuffix("]") ? nil : text.lastIndex(of: ":")
        let host = text[..<(colon ?? text.endIndex)]
        let port = colon.map { text[text.index(after: $0)...] } ?? "2181"
        guard !host.isEmpty, let number = UInt16(port), number > 0 else {
            throw RegistryError(
                .unavailable,
                "\"\(all)\" does not say where ZooKeeper is: host:port is needed, or several with commas between"
            )
        }
        return "\(host):\(number)"
    }
}
