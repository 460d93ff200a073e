internal import ZeroMQ

/// What goes back to peers on the connections that they made to us, over one ROUTER.
struct WaysBack {
    // Those that read packed frames, as far as their last message said so.
    private var takesPacked: Set<Endpoint> = []
    // What is sent to them with the next flush.
    private var frames: [Endpoint: PackedFrame] = [:]
    // Frames that were sent: their memory is used again.
    private var spare: [PackedFrame] = []

    // Peers may make up names: it is begun anew when it is full, and they get lymph's framing until their next message.
    private static let capacity = 4096

    var isEmpty: Bool { frames.isEmpty }

    mutating func note(_ isPacked: Bool, of peer: Endpoint) {
        if isPacked {
            guard !takesPacked.contains(peer) else { return }
            if takesPacked.count >= Self.capacity { takesPacked.removeAll(keepingCapacity: true) }
            takesPacked.insert(peer)
        } else if !takesPacked.isEmpty {
            takesPacked.remove(peer)
        }
    }

    /// Sends a message if that is possible at once; to a peer that takes packed frames, with the next flush.
    mutating func send(_ message: Message, to peer: Endpoint, on router: Socket) throws(ZMQError) -> Attempt {
        if takesPacked.contains(peer) {
            if frames[peer]?.isFull == true, case .wouldBlock = try flush(peer, on: router) { return .wouldBlock }
            if frames[peer, default: spare.popLast() ?? PackedFrame()].append(message) {
                if frames[peer]?.isFull == true { _ = try flush(peer, on: router) }
                return .done
            }
            // It goes out alone, and after those before it.
            if case .wouldBlock = try flush(peer, on: router) { return .wouldBlock }
        }
        var identity = try ZeroMQ.Message(copying: peer.description)
        guard case .done = try router.send(&identity, more: true) else { return .wouldBlock }
        try router.finish(message)
        return .done
    }

    /// Sends all frames.
    ///
    /// - Returns: What could not be sent, and will not be or has to wait.
    mutating func flush(on router: Socket) -> [TransportEvent] {
        var events: [TransportEvent] = []
        for peer in frames.keys {
            do throws(ZMQError) {
                if case .wouldBlock = try flush(peer, on: router) { events.append(.blocked(.back(peer))) }
            } catch {
                let reason = LymphError(.notConnected, "can't send to \(peer): \(error)", cause: error)
                guard let frame = frames.removeValue(forKey: peer) else { continue }
                frame.bytes.withUnsafeBytes { bytes in
                    _ = try? PackedFrame.read(bytes, source: peer) {
                        events.append(.undeliverable($0, .back(peer), reason))
                    }
                }
            }
        }
        return events
    }

    private mutating func flush(_ peer: Endpoint, on router: Socket) throws(ZMQError) -> Attempt {
        guard var frame = frames[peer] else { return .done }
        if !frame.isEmpty {
            var identity = try ZeroMQ.Message(copying: peer.description)
            guard case .done = try router.send(&identity, more: true) else { return .wouldBlock }
            var bytes = try ZeroMQ.Message(copying: frame)
            _ = try router.send(&bytes, more: false)
        }
        frames[peer] = nil
        frame.removeAll()
        if spare.count < 16 { spare.append(frame) }
        return .done
    }
}
