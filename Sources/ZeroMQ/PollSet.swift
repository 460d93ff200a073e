internal import CZeroMQ

/// What a socket can do without waiting, or is waited for to be able to.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    /// A message can be received.
    package static var readable: Self { .init(rawValue: Int16(ZMQ_POLLIN)) }
    /// A message can be sent.
    package static var writable: Self { .init(rawValue: Int16(ZMQ_POLLOUT)) }
}

/// The sockets that a ``PollThread`` waits for, and who is told. Confined to that thread.
@safe package final class PollSet {
    /// Names one registration.
    package struct Token: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct Entry {
        let token: Token
        let handler: (Readiness) -> Void
    }

    // In step: the item at an index belongs to the entry at that index. The first item is the wake-up.
    private var items: [zmq_pollitem_t]
    private var entries: [Entry?] = [nil]
    private var indices: [Token: Int] = [:]
    private var ready: [(token: Token, readiness: Readiness)] = []
    private var lastNumber = 0

    init(wakeup descriptor: Int32) {
        unsafe items = [zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0)]
    }

    /// Starts to wait for `socket` to be ready as `interest` says; `handler` is called on the thread, once a turn.
    package func add(
        _ socket: Socket, for interest: Readiness, _ handler: @escaping (Readiness) -> Void
    ) -> Token {
        lastNumber += 1
        let token = Token(number: lastNumber)
        indices[token] = unsafe items.count
        unsafe items.append(zmq_pollitem_t(socket: socket.raw, fd: 0, events: interest.rawValue, revents: 0))
        entries.append(Entry(token: token, handler: handler))
        return token
    }

    /// Changes what a registration waits for.
    package func update(_ token: Token, for interest: Readiness) {
        guard let index = indices[token] else { return }
        unsafe items[index].events = interest.rawValue
    }

    /// Ends a registration; its handler is not called again. Do this before the socket is closed.
    package func remove(_ token: Token) {
        guard let index = indices.removeValue(forKey: token) else { return }
        let last = unsafe items.count - 1
        if index != last {
            unsafe items.swapAt(index, last)
            entries.swapAt(index, last)
            if let moved = entries[index]?.token { indices[moved] = index }
        }
        unsafe items.removeLast()
        entries.removeLast()
    }

    /// Waits until a socket is ready, the wake-up is signalled or `milliseconds` are over (-1: for ever).
    ///
    /// - Returns: Whether the wake-up was signalled.
    func wait(milliseconds: Int) throws(ZMQError) -> Bool {
        ready.removeAll(keepingCapacity: true)
        let count = try check("zmq_poll") {
            unsafe items.withUnsafeMutableBufferPointer {
                unsafe zmq_poll($0.baseAddress, Int32($0.count), milliseconds)
            }
        }
        guard count > 0 else { return false }
        for index in unsafe 1..<items.count {
            let readiness = unsafe Readiness(rawValue: items[index].revents)
            if !readiness.isEmpty, let entry = entries[index] { ready.append((entry.token, readiness)) }
        }
        return unsafe items[0].revents != 0
    }

    /// Tells the handlers of what the last wait found ready.
    func dispatch() {
        // A handler may add and remove registrations: each is looked up again by its token.
        for (token, readiness) in ready {
            guard let index = indices[token], let entry = entries[index] else { continue }
            entry.handler(readiness)
        }
    }
}
