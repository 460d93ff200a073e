internal import CZeroMQ
internal import Glibc

/// What a socket can do without waiting, or should be watched for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    /// A message can be received.
    package static var readable: Self { .init(rawValue: Int16(ZMQ_POLLIN)) }
    /// A message can be sent.
    package static var writable: Self { .init(rawValue: Int16(ZMQ_POLLOUT)) }
}

/// The sockets that a ``PollThread`` waits for, and their handlers. Confined to that thread.
///
/// libzmq's own `zmq_poll` queries every socket several times in every turn. This set queries only those whose
/// descriptor fired, and those that were used since: using a socket can consume the notification on its descriptor.
@safe package final class PollSet {
    /// Names one registration.
    package struct Token: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    /// A socket in the set.
    final class Registration {
        fileprivate let token: Token
        fileprivate let socket: Socket
        fileprivate let descriptor: Int32
        fileprivate var interest: Readiness
        fileprivate let handler: (Readiness) -> Void
        fileprivate unowned let pollSet: PollSet
        /// Whether the socket may be ready although its descriptor is silent.
        private var isUsed = false
        /// Whether it is in the set's `used` list.
        private var isListed = false

        fileprivate init(
            _ token: Token, _ socket: Socket, _ interest: Readiness, in pollSet: PollSet,
            _ handler: @escaping (Readiness) -> Void
        ) {
            self.token = token
            self.socket = socket
            self.interest = interest
            self.handler = handler
            self.pollSet = pollSet
            descriptor = socket.descriptor
        }

        /// Notes that the socket was used.
        func used() {
            isUsed = true
            if !isListed {
                isListed = true
                pollSet.used.append(self)
            }
        }

        /// Notes the result of a receive. After one that would block, the descriptor reports the next message. It
        /// doesn't report that sending has become possible again, since libzmq may have consumed that notification
        /// while looking for a message.
        func received(_ attempt: Attempt) {
            switch attempt {
            case .done: if !isUsed { used() }
            case .wouldBlock: if !interest.contains(.writable) { isUsed = false }
            }
        }

        /// Queries what the socket can do, unless its descriptor would tell.
        fileprivate func refresh() throws(ZMQError) -> Readiness {
            isListed = false
            guard isUsed else { return [] }
            isUsed = false
            return try readiness()
        }

        fileprivate func readiness() throws(ZMQError) -> Readiness {
            interest.isEmpty ? [] : try socket.readiness().intersection(interest)
        }
    }

    private let epoll: Int32
    /// Whether the process had the descriptors that the set needs. Otherwise nothing can be added.
    let isUsable: Bool
    private var registrations: [Token: Registration] = [:]
    // Descriptors that aren't those of sockets, and what to call.
    private var watches: [Token: (descriptor: Int32, handler: () -> Void)] = [:]
    private var readyWatches: [Token] = []
    private var used: [Registration] = []
    private var ready: [(registration: Registration, readiness: Readiness)] = []
    private var events: [epoll_event]
    private var lastNumber: UInt64 = 0

    /// How many descriptors one wait reports; further ones get their turn in the next wait.
    private static let capacity = 64

    init(wakeup descriptor: Int32) {
        epoll = descriptor >= 0 ? epoll_create1(Int32(EPOLL_CLOEXEC)) : -1
        isUsable = epoll >= 0
        unsafe events = Array(repeating: epoll_event(), count: Self.capacity)
        guard isUsable else { return }
        // Edge-triggered, so that the wake-up need not be read to fall silent again.
        control(EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue | EPOLLET.rawValue, number: 0)
    }

    deinit {
        for registration in registrations.values { registration.socket.registration = nil }
        if epoll >= 0 { Glibc.close(epoll) }
    }

    /// Starts to wait for what `interest` names; `handler` is called on the thread, at most once per turn.
    package func add(
        _ socket: Socket, for interest: Readiness, _ handler: @escaping (Readiness) -> Void
    ) -> Token {
        lastNumber += 1
        let token = Token(number: lastNumber)
        let registration = Registration(token, socket, interest, in: self, handler)
        registrations[token] = registration
        socket.registration = registration
        control(EPOLL_CTL_ADD, registration.descriptor, Self.mask(interest), number: token.number)
        registration.used()
        return token
    }

    /// Changes what a registration waits for.
    package func update(_ token: Token, for interest: Readiness) {
        guard let registration = registrations[token] else { return }
        registration.interest = interest
        control(EPOLL_CTL_MOD, registration.descriptor, Self.mask(interest), number: token.number)
        registration.used()
    }

    /// Starts to wait until something can be written to a descriptor, or its connection has failed; `handler` is called
    /// on the thread, in every turn in which that is so.
    package func watch(_ descriptor: Int32, _ handler: @escaping () -> Void) -> Token {
        lastNumber += 1
        let token = Token(number: lastNumber)
        watches[token] = (descriptor, handler)
        control(EPOLL_CTL_ADD, descriptor, EPOLLOUT.rawValue, number: token.number)
        return token
    }

    /// Ends a registration; its handler is not called again. Call this before the socket or descriptor is closed.
    package func remove(_ token: Token) {
        if let watch = watches.removeValue(forKey: token) { control(EPOLL_CTL_DEL, watch.descriptor, 0, number: 0) }
        guard let registration = registrations.removeValue(forKey: token) else { return }
        registration.socket.registration = nil
        control(EPOLL_CTL_DEL, registration.descriptor, 0, number: 0)
        used.removeAll { $0 === registration }
    }

    // A libzmq descriptor becomes readable for any event, including that the socket became writable.
    private static func mask(_ interest: Readiness) -> UInt32 { interest.isEmpty ? 0 : EPOLLIN.rawValue }

    private func control(_ operation: Int32, _ descriptor: Int32, _ mask: UInt32, number: UInt64) {
        var event = unsafe epoll_event(events: mask, data: epoll_data_t(u64: number))
        let code = unsafe epoll_ctl(epoll, operation, descriptor, &event)
        precondition(code == 0, "epoll_ctl failed with error \(errno)")
    }

    /// Queries the sockets that were used since the last time.
    ///
    /// - Returns: Whether one of them is ready, so that the thread must not wait.
    func refresh() throws(ZMQError) -> Bool {
        for registration in used {
            let readiness = try registration.refresh()
            if !readiness.isEmpty { ready.append((registration, readiness)) }
        }
        used.removeAll(keepingCapacity: true)
        return !ready.isEmpty
    }

    /// Waits until a socket is ready, the wake-up is signalled or `milliseconds` have passed (-1: no limit).
    ///
    /// - Returns: Whether the wake-up was signalled.
    @discardableResult
    func wait(milliseconds: Int) throws(ZMQError) -> Bool {
        let timeout = try !refresh() ? Int32(clamping: milliseconds) : 0
        guard isUsable else {
            if timeout != 0 { usleep(10_000) }  // Without epoll nothing can end a wait: check again soon.
            return false
        }
        let count = try check("epoll_wait") {
            unsafe events.withUnsafeMutableBufferPointer {
                unsafe epoll_wait(epoll, $0.baseAddress, Int32($0.count), timeout)
            }
        }
        var isWoken = false
        for index in 0..<Int(count) {
            let number = unsafe events[index].data.u64
            let token = Token(number: number)
            guard let registration = registrations[token] else {
                if number == 0 { isWoken = true } else { readyWatches.append(token) }
                continue
            }
            guard !ready.contains(where: { $0.registration === registration }) else { continue }
            let readiness = try registration.readiness()
            if !readiness.isEmpty { ready.append((registration, readiness)) }
        }
        return isWoken
    }

    /// Calls the handlers for what the last wait found ready.
    func dispatch() {
        // A handler may remove registrations, including ones that are still to be called here.
        for (registration, readiness) in ready where registrations[registration.token] != nil {
            // What the handler leaves unread is found in the next turn.
            registration.used()
            registration.handler(readiness)
        }
        ready.removeAll(keepingCapacity: true)
        guard !readyWatches.isEmpty else { return }
        for token in readyWatches { watches[token]?.handler() }
        readyWatches.removeAll(keepingCapacity: true)
    }
}
