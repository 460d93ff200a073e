internal import Glibc
internal import ZeroMQ

/// Sends messages to peers on the connections that these made to our ROUTER.
///
/// On the plain door a peer's endpoint is also the name of its connection, so that any peer can be sent to. On the
/// encrypted one the names are random, so only peers that were welcomed can, and all of them read packed frames.
struct ReturnPaths {
    /// The return path to a peer that has announced packed frames. Its last message decides whether it gets them.
    private final class Way {
        let peer: Endpoint
        /// What the peer's connection has announced: its routing id.
        let identity: String
        var takesPacked = true
        // Whether the peer was told what we support: packed frames don't say.
        var knowsUs = false
        // The messages to send with the next flush.
        var frame = PackedFrame()
        var isUnsent = false

        init(to peer: Endpoint, as identity: String) {
            self.peer = peer
            self.identity = identity
        }
    }

    private let isEncrypted: Bool
    private var ways: [Endpoint: Way] = [:]
    private var unsent: [Way] = []
    // Sent frames whose memory is reused, so that idle return paths hold none.
    private var spare: [PackedFrame] = []

    // Peers can make up identities, so the table is emptied when it is full. A peer then gets lymph's own framing
    // until its next message.
    private static let capacity = 4096

    init(isEncrypted: Bool = false) { self.isEncrypted = isEncrypted }

    var isEmpty: Bool { unsent.isEmpty }

    /// The number of return paths with messages to send.
    var count: Int { unsent.count }

    /// A peer has made an encrypted connection, which is named like this. What is sent to it from now on goes there.
    mutating func welcome(_ peer: Endpoint, as identity: String) {
        guard isEncrypted, ways[peer]?.identity != identity else { return }
        ways[peer] = Way(to: peer, as: identity)
        ways[peer]?.knowsUs = true
    }

    /// A peer has left the encrypted door.
    mutating func forget(_ peer: Endpoint) { if isEncrypted { ways[peer] = nil } }

    /// A message came from a peer.
    ///
    /// - Parameters:
    ///   - isPacked: Whether it says that the peer reads packed frames.
    ///   - isNewcomer: Whether it came in lymph's framing, as the first ones of a connection do.
    mutating func note(_ isPacked: Bool, of peer: Endpoint, isNewcomer: Bool) {
        if isEncrypted { return }
        if let way = ways[peer] {
            way.takesPacked = isPacked
            // It would not use lymph's framing otherwise, unless for what doesn't fit into a packed frame.
            if isNewcomer { way.knowsUs = false }
        } else if isPacked {
            if ways.count >= Self.capacity { ways.removeAll(keepingCapacity: true) }
            ways[peer] = Way(to: peer, as: peer.description)
        }
    }

    /// Sends a message if that is possible at once. To a peer that reads packed frames it goes out with the next
    /// flush.
    mutating func send(_ message: Message, to peer: Endpoint, on router: Socket) throws(ZMQError) -> Attempt {
        let way = ways[peer]
        if let way {
            if way.takesPacked {
                if let attempt = try pack(message, into: way, on: router) { return attempt }
            } else if case .wouldBlock = try flush(way, on: router) {
                return .wouldBlock
            }
        }
        guard !isEncrypted || way != nil else {
            throw ZMQError(code: EHOSTUNREACH, function: "zmq_msg_send", subject: "the peer has left")
        }
        return try router.send(to: way?.identity ?? peer.description) { () throws(ZMQError) in
            var frames = try OutgoingFrames(message)
            _ = try frames.send(on: router)
        }
    }

    private mutating func pack(_ message: Message, into way: Way, on router: Socket) throws(ZMQError) -> Attempt? {
        if !way.isUnsent, let frame = spare.popLast() { way.frame = frame }
        defer {
            if !way.isUnsent, !way.frame.isEmpty {
                way.isUnsent = true
                unsent.append(way)
            }
        }
        let attempt = try way.frame.pack(
            message, for: isEncrypted ? .ours : .packing, limit: isEncrypted ? .max : PackedFrame.largestBody,
            isAnnouncing: !way.knowsUs
        ) { frame throws(ZMQError) in
            try Self.send(&frame, to: way.identity, on: router)
        }
        if case .done? = attempt { way.knowsUs = true }
        return attempt
    }

    /// Sends the frames of all return paths.
    ///
    /// - Returns: Events for the messages that cannot be sent, and for the paths that are blocked.
    mutating func flush(on router: Socket) -> [TransportEvent] {
        var events: [TransportEvent] = []
        var blocked: [Way] = []
        for way in unsent {
            do throws(ZMQError) {
                if case .wouldBlock = try flush(way, on: router) {
                    events.append(.blocked(.back(way.peer)))
                    blocked.append(way)
                    continue
                }
            } catch {
                let reason = LymphError(.notConnected, "can't send to \(way.peer): \(error)", cause: error)
                way.frame.bytes.withUnsafeBytes { bytes in
                    _ = try? PackedFrame.read(bytes, limit: .max, sender: Peer(way.peer)) {
                        events.append(.undeliverable($0, .back(way.peer), reason))
                    }
                }
            }
            recycle(way)
        }
        unsent = blocked
        return events
    }

    private mutating func recycle(_ way: Way) {
        way.isUnsent = false
        var frame = PackedFrame()
        swap(&frame, &way.frame)
        frame.removeAll()
        if spare.count < 16 { spare.append(frame) }
    }

    private func flush(_ way: Way, on router: Socket) throws(ZMQError) -> Attempt {
        way.frame.isEmpty ? .done : try Self.send(&way.frame, to: way.identity, on: router)
    }

    private static func send(
        _ frame: inout PackedFrame, to identity: String, on router: Socket
    ) throws(ZMQError) -> Attempt {
        let attempt = try router.send(to: identity) { () throws(ZMQError) in
            var bytes = try ZeroMQ.Message(copying: frame)
            _ = try router.send(&bytes, more: false)
        }
        if case .done = attempt { frame.removeSent() }
        return attempt
    }
}
