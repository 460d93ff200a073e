/// The endpoints that peers called themselves by lately: to check such a name takes longer than all else that is done with a
/// message.
struct EndpointCache {
    private var endpoints: [Int: Endpoint] = [:]

    // Peers may make up names: it is begun anew when it is full.
    private static let capacity = 4096

    /// The endpoint with this name, or nil if it is none; see ``Endpoint/init(identity:)``.
    mutating func endpoint(_ identity: UnsafeRawBufferPointer) -> Endpoint? {
        guard identity.count <= 64 else { return nil }
        var hasher = Hasher()
        hasher.combine(bytes: identity)
        let hash = hasher.finalize()
        if let known = endpoints[hash], known.description.utf8.elementsEqual(identity) { return known }
        guard let endpoint = Endpoint(identity: identity) else { return nil }
        if endpoints.count >= Self.capacity { endpoints.removeAll(keepingCapacity: true) }
        endpoints[hash] = endpoint
        return endpoint
    }
}
