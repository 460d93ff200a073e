internal import MessagePack
internal import ZeroMQ

/// The callers of one door, by what their connections announce. Kept because finding out who a caller is takes longer than
/// everything else that is done with a message.
struct Callers {
    /// Who sends the messages of a connection.
    final class Caller {
        /// What its connection announces: its routing id.
        let identity: String
        let peer: Peer
        /// What libzmq tells with each of its messages, and nobody else's; nil if nobody's origin matters.
        fileprivate let origin: String?
        /// The generation of the connections at its last message.
        fileprivate var generation: Int

        fileprivate init(_ identity: String, _ peer: Peer, _ origin: String?, _ generation: Int) {
            self.identity = identity
            self.peer = peer
            self.origin = origin
            self.generation = generation
        }
    }

    /// What a look at a message tells.
    enum Found {
        /// - Parameter isFirst: Whether this is the caller's first message in a generation of the
        ///   ``IncomingConnections``.
        case caller(Caller, isFirst: Bool)
        /// What the connection announces is not allowed.
        case malformed
        /// The policy, as it is now, doesn't admit the sender.
        case refused(Endpoint, AccessPolicy.Denial)
    }

    /// How the door tells who a caller is.
    enum Proof {
        /// Not at all: everybody is who he says he is.
        case none
        /// By the address that the connection comes from.
        case address(AccessPolicy)
        /// By the key of the connection.
        case key(AccessPolicy)

        fileprivate var property: ConnectionProperty? {
            switch self {
            case .none: nil
            case .address: .address
            case .key: .user
            }
        }
    }

    private var proof: Proof
    private var callers: [Int: Caller] = [:]

    // Peers can make up identities, so the cache is emptied when it is full.
    private static let capacity = 4096

    init(_ proof: Proof) { self.proof = proof }

    /// Another policy applies from now on.
    mutating func use(_ policy: AccessPolicy) {
        switch proof {
        case .none: return
        case .address: proof = .address(policy)
        case .key: proof = .key(policy)
        }
        // Everybody is looked at again.
        callers = [:]
    }

    /// Finds out who has sent a message.
    ///
    /// - Parameters:
    ///   - message: The message; its first frame is what the connection announces.
    ///   - generation: The generation of the connections.
    mutating func sender(of message: Multipart, generation: Int) -> Found {
        message.withUnsafeBytes(at: 0) { identity in
            var hasher = Hasher()
            hasher.combine(bytes: identity)
            let hash = hasher.finalize()
            if let known = callers[hash], identity.isEqual(to: known.identity), isFrom(known, message) {
                defer { known.generation = generation }
                return .caller(known, isFirst: known.generation != generation)
            }
            let found = examine(identity, message, generation)
            if case .caller(let caller, _) = found {
                if callers.count >= Self.capacity { callers.removeAll(keepingCapacity: true) }
                callers[hash] = caller
            }
            return found
        }
    }

    // Of each message, since another connection may announce the same by now.
    private func isFrom(_ caller: Caller, _ message: Multipart) -> Bool {
        guard let property = proof.property else { return true }
        guard let origin = caller.origin else { return false }
        return message.count > 1 && message.has(property, origin, at: 1)
    }

    private func examine(_ identity: UnsafeRawBufferPointer, _ message: Multipart, _ generation: Int) -> Found {
        // libzmq tells nothing of the first frame.
        let address = proof.property != nil && message.count > 1 ? message.property(.address, at: 1) : nil
        let peer: Peer
        var origin: String?
        switch proof {
        case .none:
            guard let endpoint = Endpoint(identity: identity) else { return .malformed }
            peer = Peer(endpoint)
        case .address(let policy):
            guard let endpoint = Endpoint(identity: identity), let address else { return .malformed }
            origin = address
            switch policy.admit(.null, from: address) {
            case .admitted(let name): peer = Peer(endpoint, name: name, address: address)
            case .refused(let refusal): return .refused(endpoint, refusal)
            }
        case .key(let policy):
            guard let endpoint = CallerIdentity.endpoint(identity), let address,
                let text = message.property(.user, at: 1), let key = PublicKey(text)
            else { return .malformed }
            origin = text
            switch policy.admit(.curve(key), from: address) {
            case .admitted(let name): peer = Peer(endpoint.with(key), name: name, address: address)
            case .refused(let refusal): return .refused(endpoint.with(key), refusal)
            }
        }
        return .caller(Caller(String(decoding: identity, as: UTF8.self), peer, origin, generation), isFirst: true)
    }
}
