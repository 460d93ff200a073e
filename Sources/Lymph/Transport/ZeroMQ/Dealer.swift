internal import ZeroMQ

/// An outgoing connection: a DEALER, and a monitor that reports when the connection is up and when it is gone.
///
/// Nothing is sent before the connection is up. libzmq would queue it, and a peer that comes back would execute it
/// long after the call has ended. For the same reason a lost connection is discarded together with its queue, and
/// replaced. `ZMQ_IMMEDIATE` is meant for this, but is not used: when a peer closes the connection right after an
/// answer, it discards that answer.
final class Dealer {
    /// An event, reported on the thread.
    enum Event {
        /// Messages can be received.
        case readable
        /// Sending may succeed again.
        case writable
        /// An attempt to connect has failed. It is repeated.
        case failed
        /// The peer has refused us for good. No further attempt is made.
        case refused
        /// The connection is gone. Messages received before it went can still be read.
        case disconnected
    }

    private enum State {
        /// There is no connection yet. Next: `open`, `closed`.
        case connecting
        /// Next: `full`, `closed`.
        case open
        /// The send queue is full. Next: `open`, `closed`.
        case full
        /// The socket is closed.
        case closed
    }

    let socket: Socket
    /// What the peer is known to support. It only grows: another process has another connection.
    private(set) var features: Features = []
    private let isEncrypted: Bool
    private var frame = PackedFrame()
    private let monitor: Monitor
    private let thread: PollThread
    private let report: (Event) -> Void
    private var state = State.connecting
    private var token: PollSet.Token?
    private var monitorToken: PollSet.Token?

    /// Whether messages wait for ``flush()``.
    var isUnsent: Bool { !frame.isEmpty }

    /// Starts to connect.
    ///
    /// - Parameters:
    ///   - number: Unique in the context.
    ///   - report: Called for each event, on the thread.
    init(
        to peer: Endpoint, as identity: Endpoint, number: Int, in context: Context, on thread: PollThread,
        _ configuration: SocketConfiguration, report: @escaping (Event) -> Void
    ) throws(ZMQError) {
        let socket = try Socket(.dealer, in: context)
        let monitor: Monitor
        do throws(ZMQError) {
            try configuration.applyToDealer(socket, identity: identity, peer: peer)
            monitor = try Monitor(
                of: socket, in: context, name: "dealer-\(number)", events: [.connections, .refusedHandshakes])
        } catch {
            socket.close()
            throw error
        }
        isEncrypted = peer.key != nil
        // Nobody else is behind an encrypted door.
        if isEncrypted { features = .ours }
        self.socket = socket
        self.monitor = monitor
        self.thread = thread
        self.report = report
        do throws(ZMQError) {
            try socket.connect(peer.address)
        } catch {
            close(linger: 0)
            throw error
        }
        token = thread.pollSet.add(socket, for: .readable) { [unowned self] in ready($0) }
        monitorToken = thread.pollSet.add(monitor.socket, for: .readable) { [unowned self] _ in connectionChanged() }
    }

    /// Closes the connection. Messages already sent may take up to `linger` milliseconds to be delivered.
    func close(linger: Int32) {
        state = .closed
        if let token { thread.pollSet.remove(token) }
        if let monitorToken { thread.pollSet.remove(monitorToken) }
        monitor.close(watching: socket)
        try? socket.set(.linger, linger)
        socket.close()
    }

    /// Sends a message if that is possible at once. To a peer that reads packed frames it goes out with the next
    /// ``flush()``.
    func send(_ message: Message) throws(ZMQError) -> Attempt {
        guard case .open = state else { return .wouldBlock }
        if features.contains(.packed) {
            let limit = isEncrypted ? Int.max : PackedFrame.largestBody
            let attempt = try frame.pack(message, for: features, limit: limit) { frame throws(ZMQError) in
                try send(&frame)
            }
            if let attempt { return attempt }
        }
        var frames = try OutgoingFrames(message)
        if case .done = try frames.send(on: socket) { return .done }
        return waitForRoom()
    }

    /// The peer has announced features.
    func note(_ announced: Features) { features.formUnion(announced) }

    /// Sends the packed frame, if it is not empty.
    func flush() throws(ZMQError) -> Attempt {
        guard case .open = state, !frame.isEmpty else { return .done }
        return try send(&frame)
    }

    private func send(_ frame: inout PackedFrame) throws(ZMQError) -> Attempt {
        var bytes = try ZeroMQ.Message(copying: frame)
        if case .done = try socket.send(&bytes, more: false) {
            frame.removeSent()
            return .done
        }
        return waitForRoom()
    }

    private func waitForRoom() -> Attempt {
        state = .full
        wait(for: [.readable, .writable])
        return .wouldBlock
    }

    private func wait(for interest: Readiness) {
        if let token { thread.pollSet.update(token, for: interest) }
    }

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.writable), case .full = state {
            state = .open
            wait(for: .readable)
            if case .done? = try? flush() { report(.writable) }
        }
        if readiness.contains(.readable) { report(.readable) }
    }

    private func connectionChanged() {
        while state != .closed, let event = try? monitor.next() {
            switch (event.kind, state) {
            case (.handshakeSucceeded, .connecting):
                state = .open
                report(.writable)
            case (.connectRetried, .connecting): report(.failed)
            // The last event, as below.
            case (.handshakeRefused, .connecting): return report(.refused)
            case (.disconnected, .open), (.disconnected, .full):
                // The last event: its receiver closes this dealer.
                return report(.disconnected)
            default: break
            }
        }
    }
}
