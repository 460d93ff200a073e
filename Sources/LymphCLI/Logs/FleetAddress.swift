internal import Lymph

/// Whom a command is for: all instances of a service, those of a version, or one process by its address.
struct FleetAddress: Sendable, Hashable {
    /// As it was written.
    let text: String

    /// The name to look up in the registry. One process is found under the name that every process has.
    let service: String

    private let version: Version?
    /// The process, if it was named by its address.
    let endpoint: Endpoint?

    /// Reads `echo`, `echo@1.2` or `tcp://127.0.0.1:4100`.
    init(_ text: String) throws(Failure) {
        self.text = text
        if text.contains("://") {
            do throws(EndpointError) { endpoint = try Endpoint(validating: text) } catch {
                throw Failure(.usage, error.description)
            }
            service = "lymph"
            version = nil
        } else if let name = VersionedName(text), !name.name.isEmpty {
            service = name.name
            version = name.version
            endpoint = nil
        } else {
            throw Failure(.usage, "\(text.debugDescription) is neither name, name@version nor tcp://host:port")
        }
    }

    /// Those of a service's instances that are meant.
    func select(_ instances: [ServiceInstance]) -> [ServiceInstance] {
        instances.filter { instance in
            if let endpoint { return instance.endpoint == endpoint }
            guard let version else { return true }
            return instance.version?.isCompatible(with: version) == true
        }
    }
}
