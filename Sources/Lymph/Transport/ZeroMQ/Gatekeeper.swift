internal import ZeroMQ

/// Tells libzmq which connections to admit, by the policy.
///
/// It has a thread of its own: a handler that holds up the poller's must not make handshakes time out.
actor Gatekeeper {
    private nonisolated let thread = PollThread(name: "lymph-gate")
    private var policy: AccessPolicy
    private var opened: (socket: Socket, token: PollSet.Token)?
    private let frames = Multipart()
    private let onRefusal: @Sendable (String) -> Void

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameter onRefusal: Told who was refused and why, on the gatekeeper's thread.
    init(_ policy: AccessPolicy, onRefusal: @escaping @Sendable (String) -> Void) {
        self.policy = policy
        self.onRefusal = onRefusal
    }

    deinit { thread.stop() }

    /// Starts to answer. Connections that come before are admitted later, or not at all; so the socket is bound at once,
    /// on the caller's thread.
    nonisolated func open(in context: Context) throws(ZMQError) {
        try thread.requireDescriptors()
        let socket = try Socket(.reply, in: context)
        do throws(ZMQError) {
            // The name that libzmq asks at.
            try socket.bind("inproc://zeromq.zap.01")
        } catch {
            socket.close()
            throw error
        }
        let bound = Transfer(socket)
        thread.execute { self.assumeIsolated { $0.serve(bound) } }
    }

    private struct Transfer: @unchecked Sendable {  // The queue is the barrier that libzmq wants.
        let socket: Socket

        init(_ socket: Socket) { self.socket = socket }
    }

    /// Another policy applies from now on.
    nonisolated func use(_ policy: AccessPolicy) {
        thread.execute { self.assumeIsolated { $0.policy = policy } }
    }

    /// Stops to answer: nobody is admitted any more. The context is to be ended after it: its end would take the socket
    /// from under the thread.
    nonisolated func close() {
        thread.executeAndWait { self.assumeIsolated { $0.stop() } }
    }

    private func serve(_ bound: Transfer) {
        let socket = bound.socket
        let token = thread.pollSet.add(socket, for: .readable) { [unowned self] _ in Self.answering(self, ()) }
        opened = (socket, token)
    }

    private static let answering = IsolatedEntry<Gatekeeper, Void, Void> { gatekeeper, _ in gatekeeper.answer() }

    private func stop() {
        guard let (socket, token) = opened else { return }
        opened = nil
        thread.pollSet.remove(token)
        socket.close()
    }

    private func answer() {
        while let socket = opened?.socket, case .done? = try? socket.receive(into: frames) {
            // libzmq is the only one who can ask, so there is always an id to answer to; without an answer, the connection
            // ends by its time limit.
            guard let request = ZAPRequest(frames) else { continue }
            let answer = request.answer(decide(request))
            for (index, bytes) in answer.enumerated() {
                guard var frame = try? ZeroMQ.Message(.bytes(bytes)) else { break }
                _ = try? socket.send(&frame, more: index < answer.count - 1)
            }
        }
    }

    private func decide(_ request: ZAPRequest) -> ZAPRequest.Decision {
        switch policy.admit(request.mechanism, from: request.address) {
        case .admitted(let name):
            if case .curve(let key) = request.mechanism { return .admit(user: key.description) }
            return .admit(user: name)
        case .refused(let refusal):
            let who = if case .curve(let key) = request.mechanism { "key \(key)" } else { "no key" }
            onRefusal("\(who), from \(request.address): \(refusal)")
            return .refuse
        }
    }
}
