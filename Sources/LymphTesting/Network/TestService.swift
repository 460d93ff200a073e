public import Lymph

/// A container that runs in a test network.
public final class TestService: Sendable {
    let container: ServiceContainer
    /// What it serves: names with versions.
    let interfaces: [String]
    let node: Node
    private let clock: TestClock

    init(_ container: ServiceContainer, _ interfaces: [InterfaceDefinition], as name: String, on clock: TestClock) {
        self.container = container
        self.interfaces = interfaces.map { TestNetwork.key($0.name, $0.version) }
        self.clock = clock
        node = Node(name, on: clock) { try await container.run() }
    }

    /// Where the container can be reached.
    public var endpoint: Endpoint {
        get async throws { try await container.endpoint }
    }

    /// Stops the container gracefully, and returns when it has ended: when the requests that it is handling are done,
    /// and its interfaces have stopped.
    ///
    /// A manual clock stands still meanwhile. If something needs time, begin to stop it in a child task
    /// (`async let stop: Void = service.stop()`) and advance the clock.
    ///
    /// - Throws: The error that ended the container, or `CancellationError`.
    public func stop() async throws {
        container.beginGracefulShutdown()
        try await end()
    }

    /// Cancels the container and every request that it is handling, and returns when it has ended.
    ///
    /// - Throws: The error that ended the container, or `CancellationError`.
    public func kill() async throws {
        node.cancel()
        try await end()
    }

    // In the network's time, wherever the test runs.
    @concurrent private func end() async throws {
        clock.beginWaiting()
        await node.wait()
        clock.endWaiting()
        try Task.checkCancellation()
        // So that its callers know.
        await clock.settle()
        if let error = node.error, !(error is CancellationError) { throw error }
    }
}
