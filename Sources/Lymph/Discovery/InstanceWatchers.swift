/// The watchers of the instances of services. Holds the delivery rules for every registry.
package struct InstanceWatchers: Sendable {
    private struct Watcher: Sendable {
        var service: String
        var last: [ServiceInstance]
        var continuation: AsyncStream<[ServiceInstance]>.Continuation
    }

    private var watchers: [Int: Watcher] = [:]
    private var nextNumber = 0

    package init() {}

    /// Whether nobody watches anything.
    package var isEmpty: Bool { watchers.isEmpty }

    /// The services that somebody watches.
    package var services: Set<String> { Set(watchers.values.map(\.service)) }

    /// Adds a watcher whose first element is the given list.
    ///
    /// - Parameter onEnd: Called on any thread, with the number for ``remove(_:)``, when the watcher's stream has
    ///   ended.
    package mutating func add(
        service: String, first: [ServiceInstance], onEnd: @escaping @Sendable (Int) -> Void
    ) -> AsyncStream<[ServiceInstance]> {
        let number = nextNumber
        nextNumber += 1
        let list = Self.ordered(first)
        let (stream, continuation) = AsyncStream.makeStream(
            of: [ServiceInstance].self, bufferingPolicy: .bufferingNewest(1))
        watchers[number] = Watcher(service: service, last: list, continuation: continuation)
        continuation.yield(list)
        continuation.onTermination = { _ in onEnd(number) }
        return stream
    }

    /// Forgets a watcher.
    package mutating func remove(_ number: Int) {
        watchers[number] = nil
    }

    /// Ends every stream.
    package mutating func finish() {
        for watcher in watchers.values { watcher.continuation.finish() }
        watchers = [:]
    }

    /// Sends the list to all watchers of the service whose last list differs.
    package mutating func publish(_ instances: some Sequence<ServiceInstance>, of service: String) {
        let list = Self.ordered(instances)
        // In order, so that a simulation is the same in every process.
        for number in watchers.keys.sorted() {
            guard let watcher = watchers[number], watcher.service == service, watcher.last != list else { continue }
            watchers[number]?.last = list
            watcher.continuation.yield(list)
        }
    }

    private static func ordered(_ instances: some Sequence<ServiceInstance>) -> [ServiceInstance] {
        instances.sorted { $0.id < $1.id }
    }
}
