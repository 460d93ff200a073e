package import Logging
internal import ZeroMQ

/// Publishes log records, so that `lymph tail` can show what a running process logs.
///
/// On the wire this is Python lymph's handler `_zmqpub`: a PUB socket whose messages consist of the level's name, the
/// socket's address and the line. ``publish(_:_:)`` never waits: records go through a bounded queue to the thread that
/// owns the socket. While nobody has subscribed to a level, its lines are not even built.
package actor LogPublisher {
    private struct Opened {
        let context: Context
        let socket: Socket
        let token: PollSet.Token
        let endpoint: String
    }

    private nonisolated let thread: PollThread
    private nonisolated let queue: Lock<LogQueue>
    private var opened: Opened?
    private var reported = 0
    private let incoming = Multipart()

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init() {
        self.init(queue: LogQueue())
    }

    init(queue: LogQueue) {
        self.queue = Lock(queue)
        thread = PollThread(name: "lymph-logs")
    }

    deinit { thread.stop() }

    /// Whether somebody has subscribed to a level.
    package nonisolated func isWanted(_ level: Logger.Level) -> Bool {
        queue.withLock { $0.topics.contains(level.pythonName) }
    }

    /// Publishes a line if somebody has subscribed to its level. Never waits.
    package nonisolated func publish(_ level: Logger.Level, _ line: () -> String) {
        guard isWanted(level) else { return }
        let record = LogQueue.Record(topic: level.pythonName, text: line())
        guard queue.withLock({ $0.add(record) }) == .first else { return }
        thread.execute { [weak self] in self?.assumeIsolated { $0.sendAll() } }
    }

    /// Opens the socket. The publisher then stays alive until ``close(grace:)``.
    ///
    /// - Parameters:
    ///   - ip: An IP address of this machine.
    ///   - port: The port; 0 for any free one.
    /// - Returns: Where the log can be subscribed to.
    /// - Throws: ``LymphError`` with code `bindFailure`, or `alreadyRunning` the second time.
    package func open(ip: String, port: UInt16 = 0) throws(LymphError) -> String {
        guard opened == nil else {
            throw LymphError(.alreadyRunning, "the log is already published; it can be published at only one address")
        }
        guard let sample = try? Endpoint(host: ip, port: max(port, 1)) else {
            throw LymphError(.bindFailure, "can't publish the log at \(ip.debugDescription): it is not an IP address")
        }
        // With a star, libzmq chooses the port.
        let address = port == 0 ? sample.description.dropLast() + "*" : sample.description
        do throws(ZMQError) {
            try thread.requireDescriptors()
            let context = try Context(maxSockets: 4)
            let socket = try Socket(.publisher, in: context)
            let endpoint: String
            do throws(ZMQError) {
                endpoint = try Self.bind(socket, to: address, isIPv6: sample.isIPv6)
            } catch {
                socket.close()
                context.terminate()
                throw error
            }
            // The closure retains the publisher while the socket is open, because a socket must be closed on its
            // thread.
            let token = thread.pollSet.add(socket, for: .readable) { _ in
                self.assumeIsolated { $0.readSubscriptions() }
            }
            opened = Opened(context: context, socket: socket, token: token, endpoint: endpoint)
            return endpoint
        } catch {
            throw LymphError(.bindFailure, "can't publish the log at \(address): \(error)", cause: error)
        }
    }

    private static func bind(
        _ socket: Socket, to address: String, isIPv6: Bool
    ) throws(ZMQError) -> String {
        // A small limit, because subscribers send only subscriptions.
        try socket.set(SocketOptions(maxMessageBytes: 256, isIPv6: isIPv6, sendHighWaterMark: 10_000))
        try socket.bind(address)
        return try socket.get(.lastEndpoint)
    }

    /// Sends the queued records and closes the socket. Records may take up to `grace` to leave the process.
    package func close(grace: Duration = .milliseconds(200)) {
        sendAll()
        guard let opened else { return }
        self.opened = nil
        queue.withLock { $0.topics = LogTopics() }
        thread.pollSet.remove(opened.token)
        try? opened.socket.set(.linger, Int32(clamping: Int(grace / .milliseconds(1))))
        opened.socket.close()
        opened.context.terminate()
    }

    private func readSubscriptions() {
        while let opened, case .done? = try? opened.socket.receive(into: incoming) {
            guard incoming.count == 1 else { continue }
            let report = incoming.withUnsafeBytes(at: 0) { Array($0) }
            queue.withLock { $0.topics.update(report) }
        }
    }

    private func sendAll() {
        let (records, dropped) = queue.withLock { ($0.takeAll(), $0.dropped) }
        for record in records { send(record.topic, record.text) }
        guard dropped > reported else { return }
        send(Logger.Level.warning.pythonName, "\(dropped - reported) log lines were dropped: too many at once")
        reported = dropped
    }

    /// libzmq drops records for a subscriber that is too slow, for this subscriber only.
    private func send(_ topic: String, _ text: String) {
        guard let opened else { return }
        do throws(ZMQError) {
            var topic = try ZeroMQ.Message(copying: topic)
            guard case .done = try opened.socket.send(&topic, more: true) else { return }
            var endpoint = try ZeroMQ.Message(copying: opened.endpoint)
            _ = try opened.socket.send(&endpoint, more: true)
            var text = try ZeroMQ.Message(copying: text)
            _ = try opened.socket.send(&text, more: false)
        } catch {
            // Cannot be reported: it is the log that failed.
        }
    }
}

extension Logger.Level {
    /// The level's name in Python's logging. It is the topic of its records.
    package var pythonName: String {
        switch self {
        case .trace, .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }
}
