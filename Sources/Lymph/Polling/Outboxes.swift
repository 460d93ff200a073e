internal import DequeModule
package import ZeroMQ

/// What waits to be sent because its route is not there yet, or blocked.
package struct Outboxes {
    /// One thing that waits.
    package enum Item {
        /// A call; its message is in the table of calls, and gone if the call has ended.
        case call(UInt128)
        /// An answer of ours.
        case answer(Message)
    }

    private var queues: [Route: Deque<Item>] = [:]
    private var retries: Set<Route> = []
    private var bytes = 0
    private let byteLimit: Int

    /// How long to wait before a blocked way back is tried again. Unlike a dialled connection, it can't tell.
    private static let retryInterval = Duration.milliseconds(1)

    /// When ``takeRetries()`` has something to offer.
    package private(set) var retryAt: Instant?

    /// - Parameter byteLimit: How many bytes of answers may wait in all.
    package init(byteLimit: Int) { self.byteLimit = byteLimit }

    package func isEmpty(_ route: Route) -> Bool { queues.isEmpty || queues[route] == nil }

    /// How many answers wait in all.
    package var answers: Int {
        queues.values.reduce(0) { count, queue in
            count + queue.count { if case .answer = $0 { true } else { false } }
        }
    }

    /// How many things wait for a route.
    package func count(_ route: Route) -> Int { queues[route]?.count ?? 0 }

    package func first(_ route: Route) -> Item? { queues[route]?.first }

    /// Whether a call waits for a connection to the peer. A call that has ended may still be in the queue: `isLive` tells.
    package func isWaitingForCall(to peer: Endpoint, isLive: (UInt128) -> Bool = { _ in true }) -> Bool {
        queues[.dial(peer)]?.contains { if case .call(let id) = $0 { isLive(id) } else { false } } ?? false
    }

    /// Takes the calls that have ended out of a route's queue when they may be many, so that it doesn't grow while its peer is
    /// away.
    package mutating func prune(_ route: Route, isLive: (UInt128) -> Bool) {
        guard let queue = queues[route], queue.count >= 64, queue.count.nonzeroBitCount == 1 else { return }
        let rest = queue.filter { if case .call(let id) = $0 { isLive(id) } else { true } }
        queues[route] = rest.isEmpty ? nil : Deque(rest)
    }

    /// Takes all calls out of a route's queue; answers stay.
    package mutating func takeCalls(_ route: Route) -> [UInt128] {
        guard let queue = queues[route] else { return [] }
        var calls: [UInt128] = []
        let answers = queue.filter { item in
            guard case .call(let id) = item else { return true }
            calls.append(id)
            return false
        }
        guard !calls.isEmpty else { return [] }
        queues[route] = answers.isEmpty ? nil : Deque(answers)
        return calls
    }

    /// Adds something to the end of a route's queue.
    ///
    /// - Returns: false if it is an answer for which there is no room.
    @discardableResult
    package mutating func append(_ item: Item, to route: Route) -> Bool {
        guard bytes + item.byteCount <= byteLimit else { return false }
        bytes += item.byteCount
        queues[route, default: []].append(item)
        blocked(route)
        return true
    }

    package mutating func removeFirst(_ route: Route) {
        guard let item = queues[route]?.popFirst() else { return }
        bytes -= item.byteCount
        if queues[route]?.isEmpty == true { queues[route] = nil }
    }

    /// Notes that a route took nothing.
    package mutating func blocked(_ route: Route) {
        guard case .back = route else { return }
        retries.insert(route)
        if retryAt == nil { retryAt = .now + Self.retryInterval }
    }

    /// The blocked routes that should be tried again now.
    package mutating func takeRetries() -> Set<Route> {
        defer {
            retries = []
            retryAt = nil
        }
        return retries
    }

    /// Forgets a route.
    ///
    /// - Returns: How many answers waited for it.
    @discardableResult
    package mutating func remove(_ route: Route) -> Int {
        var answers = 0
        for item in queues.removeValue(forKey: route) ?? [] {
            bytes -= item.byteCount
            if case .answer = item { answers += 1 }
        }
        retries.remove(route)
        return answers
    }

    package mutating func removeAll() { self = Outboxes(byteLimit: byteLimit) }
}

extension Outboxes.Item {
    fileprivate var byteCount: Int {
        switch self {
        case .call: 0
        case .answer(let message): message.payload.count + message.headers.byteCount + message.about.byteCount + 256
        }
    }
}

extension Message.Subject {
    /// The bytes it holds; a peer may have chosen a long id.
    fileprivate var byteCount: Int {
        switch self {
        case .method(let text), .request(.text(let text)): text.utf8.count
        case .request(.number): 0
        }
    }
}
