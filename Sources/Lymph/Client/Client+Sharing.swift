internal import ServiceLifecycle
internal import ZeroMQ

/// A client that a program runs, and a container that serves over its sockets.
extension Client {
    /// Starts to receive, and tells the container.
    func open() async throws -> Endpoint {
        do {
            let endpoint = try await poller.open()
            opening.open(.success(endpoint))
            return endpoint
        } catch {
            opening.open(.failure(error))
            throw error
        }
    }

    /// Runs `body` as soon as the client runs, which is up to somebody else. Possible once.
    ///
    /// - Parameter shutdown: Given when the task is shut down gracefully, and when the client ends, without which
    ///   `body` can do nothing. If it is given before the client runs, `body` isn't run.
    /// - Throws: What `body` or ``run()`` throws, or ``LymphError`` with code `alreadyRunning` or `stopped`.
    func share(until shutdown: ShutdownSignal, _ body: (Endpoint) async throws -> Void) async throws {
        let isTaken = isShared.withLock { isShared in
            defer { isShared = true }
            return isShared
        }
        guard !isTaken else {
            throw LymphError(.alreadyRunning, "a client can serve one container, whose run() can be called once")
        }
        try await withGracefulShutdownHandler {
            guard let endpoint = try await endpoint(unless: shutdown) else { return }
            guard !ending.isGiven else { throw LymphError(.stopped, "the container's client has stopped") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await self.ending.wait()
                    if !Task.isCancelled { shutdown.trigger() }
                }
                defer { group.cancelAll() }
                try await body(endpoint)
            }
        } onGracefulShutdown: {
            shutdown.trigger()
        }
    }

    /// Where the client listens, as soon as it does; nil if the signal comes first.
    private func endpoint(unless shutdown: ShutdownSignal) async throws -> Endpoint? {
        do {
            return try await shutdown.cancelling { try await self.opening.value() }.result
        } catch is CancellationError where shutdown.isGiven {
            return nil
        }
    }
}
