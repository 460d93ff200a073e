/// How far a container has come, for whoever has to explain that it does not go on.
package struct ContainerProgress: Sendable, Hashable {
    /// What it does now. Interfaces are named for a person: `echo@1.2.0 (EchoService)`.
    package enum Phase: Sendable, Hashable {
        /// Not running, or listening and nothing else.
        case idle
        case creating(String)
        case starting(String)
        case publishing
        case serving
        case withdrawing
        /// Waits for the methods that run.
        case draining
        case stopping(String)
    }

    package var phase = Phase.idle

    /// The interface that could not be created or started.
    package var failedInterface: String?

    /// Whether requests may be running, which have time to end.
    package var isServing: Bool { phase == .serving }

    /// What has not ended, of a container that was asked to stop.
    package var obstacle: String {
        switch phase {
        case .idle: "the container has not ended"
        case .creating(let interface): "the initialiser of the interface \(interface) has not returned"
        case .starting(let interface): "start() of the interface \(interface) has not ended though it was cancelled"
        case .publishing, .withdrawing: "the registry has not answered"
        case .serving, .draining: "what runs has not ended though it was cancelled"
        case .stopping(let interface): "stop() of the interface \(interface) has not ended"
        }
    }
}
