internal import MessagePack
internal import ZeroMQ

/// Which methods of a peer may be executed twice for one call without harm, as its own `lymph.inspect` says.
struct IdempotentMethods {
    private var names: Set<String>?
    private var askedAt: Instant?

    /// How long to wait for the peer's answer before it is asked again.
    static let patience = Duration.seconds(10)
    // Peers may say anything.
    private static let most = 1000

    /// Whether a method, `interface.method`, is one of them; nil if that is not known.
    func contains(_ method: String) -> Bool? { names?.contains(method) }

    /// Somebody needs to know.
    ///
    /// - Returns: Whether the peer is to be asked.
    mutating func need(at now: Instant) -> Bool {
        guard names == nil, askedAt.map({ now - $0 >= Self.patience }) ?? true else { return false }
        askedAt = now
        return true
    }

    /// The peer has answered. Means nothing if it was not asked: then another process has its endpoint by now.
    mutating func learn(_ names: Set<String>) {
        guard askedAt != nil else { return }
        self.names = names.count <= Self.most ? names : []
    }
}

extension IdempotentMethods {
    /// The methods that an answer to `lymph.inspect` calls idempotent, in all versions that it lists. Python lymph says
    /// nothing about that.
    static func names(in inspection: Value) -> Set<String> {
        var names: [Bool: Set<String>] = [:]
        for method in inspection["methods"]?.arrayValue ?? [] {
            guard let name = method["name"]?.stringValue else { continue }
            names[MethodSchema.isIdempotent(method) == true, default: []].insert(name)
        }
        return (names[true] ?? []).subtracting(names[false] ?? [])
    }
}
