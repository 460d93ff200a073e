/// What a proxy calls: whom, and which interface there.
struct Destination: Sendable {
    let target: Result<Target, LymphError>
    let interface: String
    /// What comes before a method's name.
    let prefix: String

    /// - Parameters:
    ///   - address: A service's name, with a version or without (`echo`, `echo@1.2`), or a peer (`tcp://127.0.0.1:4100`).
    ///   - interface: The interface; by default the service's name.
    ///   - version: The version asked for, which may be short.
    init(_ address: String, interface: String? = nil, version: String? = nil) {
        let target = Self.target(address, version: version)
        if let interface {
            self.interface = interface
            self.target = target
        } else if case .success(.service(let name, _)) = target {
            self.interface = name
            self.target = target
        } else {
            self.interface = ""
            self.target = target.flatMap { _ in
                .failure(
                    LymphError(
                        .invalidRequest,
                        "a proxy for \(address) needs to know the interface: proxy(\(address.debugDescription), interface: …)"
                    ))
            }
        }
        prefix = self.interface + "."
    }

    private static func target(_ address: String, version: String?) -> Result<Target, LymphError> {
        if address.contains("://") {
            do throws(EndpointError) {
                let endpoint = try Endpoint(validating: address)
                return self.version(version).map { .endpoint(endpoint, $0) }
            } catch {
                return .failure(LymphError(.invalidRequest, error.description, cause: error))
            }
        }
        guard let name = VersionedName(address), !name.name.isEmpty else {
            return .failure(
                LymphError(
                    .invalidRequest, "\(address.debugDescription) is neither name, name@version nor tcp://host:port"))
        }
        return self.version(version).map { .service(name.name, $0 ?? name.version) }
    }

    private static func version(_ text: String?) -> Result<Version?, LymphError> {
        guard let text else { return .success(nil) }
        guard let version = Version(coercing: text) else {
            return .failure(LymphError(.invalidRequest, "\(text.debugDescription) is no version such as 1.2"))
        }
        return .success(version)
    }
}
