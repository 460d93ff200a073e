import Testing

@testable import Lymph

@Suite("Incoming connections")
struct IncomingConnectionsTests {
    private let a = Endpoint.number(1)
    private let b = Endpoint.number(2)
    private var connections = IncomingConnections()

    /// A connection is accepted, and a message of a peer comes in on it.
    private mutating func connect(_ peer: Endpoint, on descriptor: Int32) {
        #expect(connections.begin(descriptor) == nil)
        #expect(connections.attribute(descriptor, to: peer) == nil)
    }

    @Test("the end of a connection is told as the peer that has left, once")
    mutating func end() {
        connect(a, on: 10)
        connect(b, on: 11)
        #expect(connections.attribute(10, to: a) == nil)
        #expect(connections.end(10) == a)
        #expect(connections.end(10) == nil)
        #expect(connections.end(11) == b)
    }

    @Test("connections that nobody was heard on end without notice, and so do unknown ones")
    mutating func silent() {
        #expect(connections.begin(10) == nil)
        #expect(connections.end(10) == nil)
        #expect(connections.end(99) == nil)
    }

    @Test("any change makes messages of every peer new, and nothing else does")
    mutating func generation() {
        var last = connections.generation
        func isNew() -> Bool {
            defer { last = connections.generation }
            return connections.generation != last
        }
        #expect(connections.begin(10) == nil)
        #expect(isNew())
        #expect(connections.attribute(10, to: a) == nil)
        #expect(connections.attribute(10, to: a) == nil)
        #expect(!isNew())
        #expect(connections.end(10) == a)
        #expect(isNew())
        // Until the peer is back, each of its messages may be the first on a new connection.
        #expect(connections.attribute(10, to: a) == a)
        #expect(isNew())
        #expect(connections.end(10) == nil)
        #expect(!isNew())
    }

    // MARK: Peers that come back

    @Test("a peer that comes back on the same descriptor is there again")
    mutating func same() {
        connect(a, on: 10)
        #expect(connections.end(10) == a)
        connect(a, on: 10)
        #expect(connections.end(10) == a)
    }

    @Test("the end of the connection that a peer had before is not the end of its new one")
    mutating func replaced() {
        connect(a, on: 10)
        connect(a, on: 11)
        #expect(connections.end(10) == nil)
        #expect(connections.attribute(11, to: a) == nil)
        #expect(connections.end(11) == a)
    }

    @Test("a peer whose new connection was not heard yet has left, and is back with its next message")
    mutating func notHeardYet() {
        connect(a, on: 10)
        #expect(connections.begin(11) == nil)
        #expect(connections.end(10) == a)
        #expect(connections.attribute(11, to: a) == nil)
        #expect(connections.end(11) == a)
    }

    // MARK: Messages read after the end of their connection

    @Test("what is left of a connection that has ended shows that its peer has left")
    mutating func leftover() {
        #expect(connections.begin(10) == nil)
        #expect(connections.end(10) == nil)
        // The first message that is read of it.
        #expect(connections.attribute(10, to: a) == a)
        #expect(connections.attribute(10, to: a) == a)
        #expect(connections.end(10) == nil)
    }

    @Test("what is left of a connection does not make a peer leave that has another")
    mutating func leftoverOfReplaced() {
        connect(a, on: 10)
        #expect(connections.end(10) == a)
        connect(a, on: 11)
        #expect(connections.attribute(10, to: a) == nil)
        #expect(connections.end(11) == a)
    }

    @Test("what is left of a connection takes no descriptor from the peer that has it now")
    mutating func reused() {
        connect(a, on: 10)
        #expect(connections.end(10) == a)
        connect(b, on: 10)
        #expect(connections.attribute(10, to: a) == a)
        #expect(connections.attribute(10, to: b) == nil)
        #expect(connections.end(10) == b)
    }

    @Test("a peer that got a descriptor by what was left of it loses it to the peer that has it")
    mutating func claimed() {
        connect(a, on: 10)
        #expect(connections.end(10) == a)
        // The new connection is another peer's, which is silent so far.
        connect(a, on: 10)
        #expect(connections.attribute(10, to: b) == a)
        #expect(connections.attribute(10, to: a) == a)
        #expect(connections.end(10) == b)
    }

    @Test("a silent connection in between does not hide who had the descriptor")
    mutating func silentInBetween() {
        connect(a, on: 10)
        #expect(connections.end(10) == a)
        #expect(connections.begin(10) == nil)
        #expect(connections.end(10) == nil)
        connect(b, on: 10)
        #expect(connections.attribute(10, to: a) == a)
        #expect(connections.end(10) == b)
    }

    @Test("a descriptor that is reused ends the connection before, even if that was not reported")
    mutating func unreported() {
        connect(a, on: 10)
        #expect(connections.begin(10) == a)
        #expect(connections.attribute(10, to: b) == nil)
        #expect(connections.end(10) == b)
    }

    // MARK: Random sequences

    private struct Message {
        let peer: Endpoint
        let descriptor: Int32
    }

    @Test("whatever is read late, every end becomes known, and who speaks is there", arguments: seeds(20))
    mutating func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let peers = (1...4).map { Endpoint.number($0) }
        var truth: [Endpoint: Int32] = [:]
        var unread: [Message] = []
        // The peers that have not left since they were last heard.
        var present: Set<Endpoint> = []
        func hear(_ peer: Endpoint, on descriptor: Int32) {
            present.insert(peer)
            if let gone = connections.attribute(descriptor, to: peer) { present.remove(gone) }
        }
        for _ in 0..<2000 {
            let peer = peers[Int.random(in: 0..<peers.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where truth[peer] == nil:
                // The lowest that is free, as the system does it.
                let descriptor = (10...).first { !truth.values.contains($0) } ?? 0
                truth[peer] = descriptor
                if let gone = connections.begin(descriptor) { present.remove(gone) }
            case 1:
                guard let descriptor = truth.removeValue(forKey: peer) else { continue }
                if let gone = connections.end(descriptor) { present.remove(gone) }
            case 2:
                if let descriptor = truth[peer] { unread.append(Message(peer: peer, descriptor: descriptor)) }
            default:
                if !unread.isEmpty {
                    let message = unread.removeFirst()
                    hear(message.peer, on: message.descriptor)
                }
            }
        }
        for message in unread { hear(message.peer, on: message.descriptor) }
        // Those that live send a ping.
        for (peer, descriptor) in truth { hear(peer, on: descriptor) }
        for (peer, descriptor) in truth { hear(peer, on: descriptor) }
        #expect(present == Set(truth.keys))
        for (peer, descriptor) in truth { #expect(connections.end(descriptor) == peer) }
    }

    @Test("what is left to read of a peer doesn't make another's connection its own")
    func own() {
        var connections = IncomingConnections()
        _ = connections.begin(7)
        #expect(connections.isOwn(7, of: .number(1)))
        _ = connections.attribute(7, to: .number(1))
        #expect(connections.isOwn(7, of: .number(1)) && !connections.isOwn(7, of: .number(2)))
        _ = connections.end(7)
        #expect(!connections.isOwn(7, of: .number(1)))
        _ = connections.begin(7)
        #expect(!connections.isOwn(7, of: .number(1)) && connections.isOwn(7, of: .number(2)))
    }
}
