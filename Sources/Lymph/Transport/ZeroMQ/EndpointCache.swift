internal import MessagePack

/// Caches the endpoints parsed from peers' identities, because parsing one takes longer than everything else that is
/// done with a message.
struct EndpointCache {
    private struct Entry {
        let endpoint: Endpoint
        /// The generation of the connections at its last message.
        var generation: Int
    }

    private var entries: [Int: Entry] = [:]

    // Peers can make up identities, so the cache is emptied when it is full.
    private static let capacity = 4096

    /// The endpoint for an identity, and whether this is its first message in a generation of the
    /// ``IncomingConnections``; nil if it is not one. See ``Endpoint/init(identity:)``.
    mutating func endpoint(
        _ identity: UnsafeRawBufferPointer, generation: Int
    ) -> (endpoint: Endpoint, isFirst: Bool)? {
        guard identity.count <= 64 else { return nil }
        var hasher = Hasher()
        hasher.combine(bytes: identity)
        let hash = hasher.finalize()
        if let index = entries.index(forKey: hash) {
            let known = entries.values[index]
            if identity.isEqual(to: known.endpoint.description) {
                guard known.generation != generation else { return (known.endpoint, false) }
                entries.values[index].generation = generation
                return (known.endpoint, true)
            }
        }
        guard let endpoint = Endpoint(identity: identity) else { return nil }
        if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
        entries[hash] = Entry(endpoint: endpoint, generation: generation)
        return (endpoint, true)
    }
}
