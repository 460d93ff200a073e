/// How far a container has come, to explain why it does not go on.
package struct ContainerProgress: Sendable, Hashable {
    /// What it is doing. Interfaces are named for people: `echo@1.2.0 (EchoService)`.
    package enum Phase: Sendable, Hashable {
        /// Not running, or only listening so far.
        case idle
        case creating(String)
        case starting(String)
        case publishing
        case serving
        case withdrawing
        /// Waits for running methods.
        case draining
        case stopping(String)
    }

    package var phase = Phase.idle

    /// The interface that could not be created or started.
    package var failedInterface: String?

    /// Whether requests may be running that need time to end.
    package var isServing: Bool { phase == .serving }

    /// What has not ended in a container that was asked to stop.
    package var obstacle: String {
        switch phase {
        case .idle: "the container has not ended"
        case .creating(let interface): "the initialiser of the interface \(interface) has not returned"
        case .starting(let interface): "start() of the interface \(interface) has not ended although it was cancelled"
        case .publishing, .withdrawing: "the registry has not answered"
        case .serving, .draining: "running requests have not ended although they were cancelled"
        case .stopping(let interface): "stop() of the interface \(interface) has not ended"
        }
    }
}
