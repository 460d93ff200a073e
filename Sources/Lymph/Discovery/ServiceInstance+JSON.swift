extension ServiceInstance {
    /// Reads an instance from the document with which Python lymph describes it.
    ///
    /// Only the endpoint is required. A member that is missing, null or of the wrong type counts as absent, and an
    /// unreadable version as none. Unknown members are kept for ``json()``.
    ///
    /// - Parameters:
    ///   - json: The document, an object in UTF-8.
    ///   - service: The name under which the document was found.
    ///   - id: The registry's id for the instance, for documents without one.
    /// - Throws: ``ServiceInstanceError`` if this is not a JSON object, or has no valid endpoint.
    public init(json: [UInt8], service: String, id: String? = nil) throws(ServiceInstanceError) {
        guard case .object(let found)? = try? JSONParser.parse(json, isStrict: false) else {
            throw ServiceInstanceError(service: service, reason: "it is not a JSON object")
        }
        var members = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.value) })
        let take = { (key: Key) in members.removeValue(forKey: key.rawValue) }
        guard let text = take(.endpoint)?.string else {
            throw ServiceInstanceError(service: service, reason: "it has no endpoint")
        }
        let endpoint: Endpoint
        do {
            endpoint = try Endpoint(validating: text)
        } catch {
            throw ServiceInstanceError(service: service, reason: error.description)
        }
        guard endpoint.key == nil else {
            throw ServiceInstanceError(service: service, reason: "its endpoint has a key; those belong into curve")
        }
        let version = take(.version)?.string.flatMap { Version($0) }
        let fallback = version.map { "\(endpoint)@\($0)" } ?? endpoint.description
        self.init(
            service: service, endpoint: endpoint, version: version, id: take(.id)?.string ?? id ?? fallback,
            identity: take(.identity)?.string, features: take(.features)?.strings ?? [],
            encryptedEndpoints: take(.curve)?.encryptedEndpoints ?? [])
        logEndpoint = take(.logEndpoint)?.string
        monitoringEndpoint = take(.monitoringEndpoint)?.string
        backdoorEndpoint = take(.backdoorEndpoint)?.string
        fqdn = take(.fqdn)?.string
        hostname = take(.hostname)?.string
        ip = take(.ip)?.string
        isWorker = take(.type)?.bool ?? false
        others = members
    }

    /// Returns the document with which Python lymph describes an instance, followed by the members that only we know.
    ///
    /// The name of the service is not part of it. Python lymph keeps members that it does not know.
    public func json() -> [UInt8] { Array(document.inOrder.utf8) }

    /// The document that ``json()`` is the text of.
    package var document: JSON {
        var members: [(key: String, value: JSON)] = [
            (Key.id.rawValue, .string(id)),
            (Key.identity.rawValue, .string(identity)),
            (Key.version.rawValue, .optional(version?.description)),
            (Key.endpoint.rawValue, .string(endpoint.description)),
            (Key.logEndpoint.rawValue, .optional(logEndpoint)),
            (Key.monitoringEndpoint.rawValue, .optional(monitoringEndpoint)),
            (Key.backdoorEndpoint.rawValue, .optional(backdoorEndpoint)),
            (Key.fqdn.rawValue, .optional(fqdn)),
            (Key.hostname.rawValue, .optional(hostname)),
            (Key.ip.rawValue, .optional(ip)),
            (Key.type.rawValue, .bool(isWorker)),
        ]
        if !features.isEmpty { members.append((Key.features.rawValue, .array(features.map(JSON.string)))) }
        if !encryptedEndpoints.isEmpty {
            members.append((Key.curve.rawValue, .array(encryptedEndpoints.compactMap(JSON.init(encrypted:)))))
        }
        members += others.sorted { $0.key < $1.key }.filter { Key(rawValue: $0.key) == nil }
        return .object(members.map { .init(name: $0.key, value: $0.value) })
    }

    private enum Key: String {
        case id, identity, version, endpoint, fqdn, hostname, ip, type, features, curve
        case logEndpoint = "log_endpoint"
        case monitoringEndpoint = "monitoring_endpoint"
        case backdoorEndpoint = "backdoor_endpoint"
    }
}

extension JSON {
    /// `{"endpoint": "tcp://10.0.0.7:4101", "key": "…"}`
    fileprivate init?(encrypted endpoint: Endpoint) {
        guard let key = endpoint.key else { return nil }
        self = .object([
            .init(name: "endpoint", value: .string(endpoint.address)),
            .init(name: "key", value: .string(key.description)),
        ])
    }

    /// The endpoints in a list of such objects. Those that are not understood are left out: they come from newer peers.
    fileprivate var encryptedEndpoints: [Endpoint] {
        guard case .array(let list) = self else { return [] }
        return list.compactMap { entry in
            guard case .object(let members) = entry else { return nil }
            let values = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
            guard let address = values["endpoint"]?.string.flatMap(Endpoint.init), address.key == nil,
                let key = values["key"]?.string.flatMap(PublicKey.init)
            else { return nil }
            return address.with(key)
        }
    }
}

/// A document that does not describe an instance of a service.
public struct ServiceInstanceError: Error, Hashable, CustomStringConvertible {
    /// The name under which the document was found.
    public let service: String

    /// What is wrong with it.
    public let reason: String

    /// The message, for people.
    public var description: String { "the document of an instance of \"\(service)\" is unusable: \(reason)" }
}
