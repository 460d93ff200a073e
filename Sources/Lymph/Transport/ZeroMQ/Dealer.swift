internal import ZeroMQ

/// A connection of ours to a peer: a DEALER, and a monitor that says when the connection is there and when it is gone.
///
/// Nothing is sent before it is there: libzmq would keep it, and a peer that comes back would execute it long after the call.
/// For the same reason a connection that is gone is given up with all that it still kept, and another takes its place.
/// `ZMQ_IMMEDIATE`, which is made for this, is not used: when a peer ends the connection right after an answer, it throws away
/// the answer.
final class Dealer {
    /// What happened on the thread.
    enum Event {
        /// Messages can be received.
        case readable
        /// It is worth another try to send.
        case writable
        /// The connection is gone; what came before has been reported as readable.
        case disconnected
    }

    private enum State {
        /// There is no connection yet. Next: `open`, or the end.
        case connecting
        /// Next: `full`, or the end.
        case open
        /// The peer takes nothing for now. Next: `open`, or the end.
        case full
        /// There is no socket any more.
        case closed
    }

    let socket: Socket
    /// Whether the peer is known to read packed frames.
    var takesPacked = false
    private var frame = PackedFrame()
    private let monitor: Monitor
    private let thread: PollThread
    private let report: (Event) -> Void
    private var state = State.connecting
    private var token: PollSet.Token?
    private var monitorToken: PollSet.Token?

    /// Whether something waits for ``flush()``.
    var isUnsent: Bool { !frame.isEmpty }

    /// Begins to connect.
    ///
    /// - Parameters:
    ///   - number: Unique in the context.
    ///   - report: Told of what happens, on the thread.
    init(
        to peer: Endpoint, as identity: Endpoint, number: Int, in context: Context, on thread: PollThread,
        _ configuration: SocketConfiguration, report: @escaping (Event) -> Void
    ) throws(ZMQError) {
        let socket = try Socket(.dealer, in: context)
        let monitor: Monitor
        do throws(ZMQError) {
            try configuration.applyToDealer(socket, identity: identity, peer: peer)
            monitor = try Monitor(of: socket, in: context, name: "dealer-\(number)", events: .connections)
        } catch {
            socket.close()
            throw error
        }
        self.socket = socket
        self.monitor = monitor
        self.thread = thread
        self.report = report
        do throws(ZMQError) {
            try socket.connect(peer.description)
        } catch {
            close(linger: 0)
            throw error
        }
        token = thread.pollSet.add(socket, for: .readable) { [unowned self] in ready($0) }
        monitorToken = thread.pollSet.add(monitor.socket, for: .readable) { [unowned self] _ in connectionChanged() }
    }

    /// Ends the connection. What was sent before is delivered if that is possible within `linger` milliseconds.
    func close(linger: Int32) {
        state = .closed
        if let token { thread.pollSet.remove(token) }
        if let monitorToken { thread.pollSet.remove(monitorToken) }
        monitor.close(watching: socket)
        try? socket.set(.linger, linger)
        socket.close()
    }

    /// Sends a message if that is possible at once; to a peer that takes packed frames, with the next ``flush()``.
    func send(_ message: Message) throws(ZMQError) -> Attempt {
        guard case .open = state else { return .wouldBlock }
        if takesPacked {
            let attempt = try frame.pack(message) { frame throws(ZMQError) in try send(&frame) }
            if let attempt { return attempt }
        }
        var id = try ZeroMQ.Message(id: message.id)
        if case .done = try socket.send(&id, more: true) {
            try socket.finishAfterID(message)
            return .done
        }
        return waitForRoom()
    }

    /// Sends the packed frame if there is something in it.
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
            case (.disconnected, .open), (.disconnected, .full):
                // The last: whoever is told closes this.
                return report(.disconnected)
            default:
                // An attempt that failed, before the first success: libzmq tries again.
                break
            }
        }
    }
}
