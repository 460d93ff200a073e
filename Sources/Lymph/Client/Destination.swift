/// What a proxy calls: a target, and an interface there.
struct Destination: Sendable {
    let target: Target
    /// What comes before a method's name: the interface, and a dot.
    let prefix: String

    /// - Parameters:
    ///   - address: A service's name, with or without a version (`echo`, `echo@1.2`), or a peer (`tcp://127.0.0.1:4100`).
    ///   - interface: The interface; by default the service's name.
    ///   - version: The version asked for, which may be abbreviated.
    init(_ address: String, interface: String? = nil, version: String? = nil) throws(LymphError) {
        target = try Target(address, version: version)
        if let interface {
            prefix = interface + "."
        } else if case .service(let name, _) = target {
            prefix = name + "."
        } else {
            throw LymphError(
                .invalidRequest,
                "a proxy for \(address) needs to know the interface: proxy(\(address.debugDescription), interface: …)")
        }
    }
}

extension Target {
    /// Reads the address of a service or of a peer, and the version that is asked for beside it.
    ///
    /// - Throws: ``LymphError`` with code `invalidRequest`.
    init(_ address: String, version: String?) throws(LymphError) {
        if address.contains("://") {
            do throws(EndpointError) {
                self = .endpoint(try Endpoint(validating: address), nil)
            } catch {
                throw LymphError(.invalidRequest, error.description, cause: error)
            }
        } else if let name = VersionedName(address), !name.name.isEmpty {
            self = .service(name.name, name.version)
        } else {
            throw LymphError(
                .invalidRequest, "\(address.debugDescription) is not a name, name@version or tcp://host:port")
        }
        guard let version else { return }
        guard let version = Version(coercing: version) else {
            throw LymphError(.invalidRequest, "\(version.debugDescription) is not a version such as 1.2")
        }
        switch self {
        case .endpoint(let endpoint, _): self = .endpoint(endpoint, version)
        case .service(let name, _): self = .service(name, version)
        }
    }
}
