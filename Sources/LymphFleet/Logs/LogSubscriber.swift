internal import Lymph
internal import ZeroMQ

/// Receives the log lines of any number of services.
actor LogSubscriber {
    /// The received records, oldest first. If they arrive faster than they are taken, the newest are dropped and
    /// counted.
    nonisolated let records: AsyncStream<LogRecord>

    private nonisolated let thread = PollThread(name: "lymph-tail")
    private let continuation: AsyncStream<LogRecord>.Continuation
    private let incoming = Multipart()
    private var opened: Opened?
    private var dropped = 0

    private struct Opened {
        let context: Context
        let socket: Socket
        let token: PollSet.Token
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init() {
        (records, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    deinit { thread.stop() }

    /// Subscribes to records of these levels. Records arrive once something is connected. Call ``close()``
    /// afterwards.
    func open(levels: [PythonLevel]) throws(ZMQError) {
        try thread.requireDescriptors()
        let context = try Context(maxSockets: 4)
        let socket = try Socket(.subscriber, in: context)
        do throws(ZMQError) {
            for level in levels { try socket.set(.subscribe, level.rawValue) }
            try socket.set(
                SocketOptions(maxMessageBytes: 4 * 1024 * 1024, isIPv6: true, receiveHighWaterMark: 10_000))
            try socket.setConnecting()
        } catch {
            socket.close()
            context.terminate()
            throw error
        }
        // The capture keeps the subscriber alive as long as the socket is open, because a socket must be closed on
        // its thread.
        let token = thread.pollSet.add(socket, for: .readable) { _ in self.assumeIsolated { $0.receiveAll() } }
        opened = Opened(context: context, socket: socket, token: token)
    }

    /// Connects and disconnects publishers.
    func apply(_ change: TailTargets.Change) throws(ZMQError) {
        guard let opened else { return }
        for endpoint in change.disconnect { try opened.socket.disconnect(endpoint) }
        for endpoint in change.connect { try opened.socket.connect(endpoint) }
    }

    /// The number of dropped lines since the last call.
    func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }

    func close() {
        continuation.finish()
        guard let opened else { return }
        self.opened = nil
        thread.pollSet.remove(opened.token)
        opened.socket.close()
        opened.context.terminate()
    }

    private func receiveAll() {
        // Limited, so that changes of the targets get their turn.
        for _ in 0..<1000 {
            guard let opened, case .done? = try? opened.socket.receive(into: incoming) else { return }
            guard incoming.count == 3 else { continue }
            let frames = (0..<3).map { index in incoming.withUnsafeBytes(at: index) { Array($0) } }
            guard let record = LogRecord(frames: frames) else { continue }
            if case .dropped = continuation.yield(record) { dropped += 1 }
        }
    }
}
