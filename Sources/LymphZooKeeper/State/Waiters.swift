/// Tasks that wait for something in a registry. Each is resumed exactly once.
struct Waiters: Sendable {
    /// What a task waits for.
    enum Topic: Sendable, Hashable {
        case online
        case reply(Int)
        case registration(path: String)
        case withdrawal(path: String)
        case view(service: String)
        case probe
    }

    private var waiting: [Int: (topic: Topic, continuation: CheckedContinuation<NodeReply, any Error>)] = [:]

    mutating func add(_ number: Int, for topic: Topic, _ continuation: CheckedContinuation<NodeReply, any Error>) {
        waiting[number] = (topic, continuation)
    }

    var isEmpty: Bool { waiting.isEmpty }

    /// Whether anybody waits for this.
    func contains(_ topic: Topic) -> Bool { waiting.values.contains { $0.topic == topic } }

    mutating func resume(_ number: Int, with result: Result<NodeReply, any Error>) {
        waiting.removeValue(forKey: number)?.continuation.resume(with: result)
    }

    mutating func resume(_ topic: Topic, with result: Result<NodeReply, any Error>) {
        for (number, waiter) in waiting where waiter.topic == topic { resume(number, with: result) }
    }

    /// Resumes all waiters that match with an error.
    mutating func fail(where matches: (Topic) -> Bool = { _ in true }, with error: any Error) {
        for (number, waiter) in waiting where matches(waiter.topic) { resume(number, with: .failure(error)) }
    }
}
