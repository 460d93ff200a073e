package import ZeroMQ

/// The messages that are queued because their route has no connection yet, or is blocked by backpressure.
package struct Outboxes {
    private var outboxes: [Route: Outbox] = [:]
    private var blockedRoutes: Set<Route> = []
    private var bytes = 0
    // The highest number used in a removed outbox: its tickets must not match later messages.
    private var lastNumber: UInt64 = 0
    private let byteLimit: Int

    /// How long until a blocked return path is retried. A ROUTER does not report when a peer can be sent to again.
    private static let retryInterval = Duration.milliseconds(1)

    /// When ``takeRetries()`` next returns something.
    package private(set) var retryAt: Instant?

    /// - Parameter byteLimit: The maximum size of all queued answers. Requests have no limit, because they are our
    ///   own.
    package init(byteLimit: Int) { self.byteLimit = byteLimit }

    package func isEmpty(_ route: Route) -> Bool { outboxes.isEmpty || outboxes[route] == nil }

    /// The number of queued answers.
    package var answers: Int { outboxes.values.reduce(0) { $0 + $1.count - $1.requests } }

    /// Whether requests are queued for any of the peers that fulfil a condition. O(n).
    package func hasRequests(toAny isIncluded: (Endpoint) -> Bool) -> Bool {
        outboxes.contains { route, outbox in outbox.requests > 0 && isIncluded(route.peer) }
    }

    /// The number of messages queued for a route.
    package func count(_ route: Route) -> Int { outboxes[route]?.count ?? 0 }

    /// The number of requests queued for a connection to a peer.
    package func requests(to peer: Endpoint) -> Int { outboxes[.dial(peer)]?.requests ?? 0 }

    package func first(_ route: Route) -> Message? { outboxes[route]?.first }

    /// Adds a request to the end of a peer's outbox.
    package mutating func append(request: Message, to peer: Endpoint) -> Outbox.Ticket {
        outboxes[.dial(peer), default: Outbox(after: lastNumber)].append(request)
    }

    /// Adds an answer to the end of a route's outbox.
    ///
    /// - Returns: Whether there was room for it.
    package mutating func append(answer: Message, to route: Route, now: Instant) -> Bool {
        guard bytes + answer.bytesInOutbox <= byteLimit else { return false }
        bytes += answer.bytesInOutbox
        block(route, now: now)
        _ = outboxes[route, default: Outbox(after: lastNumber)].append(answer)
        return true
    }

    package mutating func removeFirst(_ route: Route) {
        change(route) { outbox in outbox.removeFirst().map { [$0] } ?? [] }
    }

    /// Removes a message, if it is still there.
    package mutating func remove(_ ticket: Outbox.Ticket, from route: Route) {
        change(route) { outbox in outbox.remove(ticket).map { [$0] } ?? [] }
    }

    /// Removes and returns all requests for a route; answers stay.
    @discardableResult
    package mutating func removeRequests(_ route: Route) -> [Message] {
        change(route) { $0.removeRequests() }
    }

    /// Forgets a route.
    ///
    /// - Returns: The messages that were queued for it.
    @discardableResult
    package mutating func remove(_ route: Route) -> [Message] {
        blockedRoutes.remove(route)
        return change(route) { $0.removeAll() }
    }

    package mutating func removeAll() { self = Outboxes(byteLimit: byteLimit) }

    /// Removes messages from a route's outbox.
    @discardableResult
    private mutating func change(_ route: Route, _ take: (inout Outbox) -> [Message]) -> [Message] {
        guard let index = outboxes.index(forKey: route) else { return [] }
        let taken = take(&outboxes.values[index])
        for message in taken { bytes -= message.bytesInOutbox }
        if outboxes.values[index].isEmpty {
            lastNumber = max(lastNumber, outboxes.values[index].lastNumber)
            outboxes.remove(at: index)
        }
        return taken
    }

    // MARK: Blocked return paths

    /// Records that a route is blocked. Only return paths are polled; a dialled connection reports when it is
    /// writable.
    package mutating func block(_ route: Route, now: Instant) {
        guard case .back = route else { return }
        blockedRoutes.insert(route)
        if retryAt == nil { retryAt = now + Self.retryInterval }
    }

    /// Removes and returns the blocked routes, to be retried now.
    package mutating func takeRetries() -> [Route] {
        defer {
            blockedRoutes = []
            retryAt = nil
        }
        return blockedRoutes.sorted { $0.peer < $1.peer }
    }
}

extension Message {
    /// Its share of the limit: nothing for a request. The id counts, because the peer chooses its length.
    fileprivate var bytesInOutbox: Int {
        guard kind != .request else { return 0 }
        let id = if case .answer(.text(let text)) = purpose { text.utf8.count } else { 0 }
        return payload.count + headers.byteCount + id + 256
    }
}
