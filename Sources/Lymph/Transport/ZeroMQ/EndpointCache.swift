/// Caches the endpoints parsed from peers' identities, because parsing one takes longer than everything else that is
/// done with a message.
struct EndpointCache {
    private var endpoints: [Int: Endpoint] = [:]

    // Peers can make up identities, so the cache is emptied when it is full.
    private static let capacity = 4096

    /// The endpoint for an identity; nil if it is not one. See ``Endpoint/init(identity:)``.
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
