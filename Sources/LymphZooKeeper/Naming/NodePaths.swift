/// The paths in ZooKeeper: `<chroot>/services/<interface>/<id>`.
struct NodePaths: Sendable, Hashable {
    /// The node whose children are the services.
    let services: String

    /// - Parameter chroot: The path above `services`: empty, or with a leading and no trailing slash.
    init(chroot: String) { services = chroot + "/services" }

    /// The node whose children are the instances of a service.
    func service(_ name: String) -> String { "\(services)/\(NodeName.encode(name))" }

    /// The node of an instance.
    func instance(_ id: String, of service: String) -> String {
        "\(self.service(service))/\(NodeName.encode(id))"
    }

    /// All ancestors of a node, topmost first.
    static func parents(of path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
    }

    /// The service that a path belongs to, and the instance node if it is one; nil for any other path.
    func parse(_ path: String) -> (service: String, node: String?)? {
        guard path.hasPrefix(services + "/") else { return nil }
        let parts = path.dropFirst(services.count + 1).split(separator: "/", omittingEmptySubsequences: false)
        guard let service = parts.first, parts.count <= 2 else { return nil }
        return (NodeName.decode(String(service)), parts.count == 2 ? String(parts[1]) : nil)
    }
}
