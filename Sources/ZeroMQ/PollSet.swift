internal import CZeroMQ
internal import Glibc

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
///
/// libzmq's own `zmq_poll` asks every socket several times in every turn. Here only those are asked whose descriptor says that
/// something happened, and those that were used since: libzmq may have taken note of it by the way.
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
        /// Whether the descriptor may be silent although the socket is ready.
        private var isUsed = false
        /// Whether it is in the set's list of those.
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

        /// The socket was used.
        func used() {
            isUsed = true
            if !isListed {
                isListed = true
                pollSet.used.append(self)
            }
        }

        /// A message was received, or there is none: from then on the descriptor tells, but not that a message could be sent again.
        /// libzmq may have taken note of that while it looked for one.
        func received(_ attempt: Attempt) {
            switch attempt {
            case .done: if !isUsed { used() }
            case .wouldBlock: if !interest.contains(.writable) { isUsed = false }
            }
        }

        /// What the socket can do, if that is unknown.
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
    /// Whether the process had the descriptors that it takes. Otherwise nothing can be added.
    let isUsable: Bool
    private var registrations: [Token: Registration] = [:]
    private var used: [Registration] = []
    private var ready: [(registration: Registration, readiness: Readiness)] = []
    private var events: [epoll_event]
    private var lastNumber: UInt64 = 0

    /// How many descriptors one wait reports; the others have their turn in the next.
    private static let capacity = 64

    init(wakeup descriptor: Int32) {
        epoll = descriptor >= 0 ? epoll_create1(Int32(EPOLL_CLOEXEC)) : -1
        isUsable = epoll >= 0
        unsafe events = Array(repeating: epoll_event(), count: Self.capacity)
        guard isUsable else { return }
        // Edge-triggered: it need not be read to fall silent.
        control(EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue | EPOLLET.rawValue, number: 0)
    }

    deinit {
        for registration in registrations.values { registration.socket.registration = nil }
        if epoll >= 0 { Glibc.close(epoll) }
    }

    /// Starts to wait for `socket` to be ready as `interest` says; `handler` is called on the thread, once a turn.
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

    /// Ends a registration; its handler is not called again. Do this before the socket is closed.
    package func remove(_ token: Token) {
        guard let registration = registrations.removeValue(forKey: token) else { return }
        registration.socket.registration = nil
        control(EPOLL_CTL_DEL, registration.descriptor, 0, number: 0)
        used.removeAll { $0 === registration }
    }

    // A socket's descriptor says that something happened by being readable, whatever it was.
    private static func mask(_ interest: Readiness) -> UInt32 { interest.isEmpty ? 0 : EPOLLIN.rawValue }

    private func control(_ operation: Int32, _ descriptor: Int32, _ mask: UInt32, number: UInt64) {
        var event = unsafe epoll_event(events: mask, data: epoll_data_t(u64: number))
        let code = unsafe epoll_ctl(epoll, operation, descriptor, &event)
        precondition(code == 0, "epoll_ctl failed with error \(errno)")
    }

    /// Asks the sockets that were used since the last time.
    ///
    /// - Returns: Whether one of them is ready: then there is nothing to wait for.
    func refresh() throws(ZMQError) -> Bool {
        for registration in used {
            let readiness = try registration.refresh()
            if !readiness.isEmpty { ready.append((registration, readiness)) }
        }
        used.removeAll(keepingCapacity: true)
        return !ready.isEmpty
    }

    /// Waits until a socket is ready, the wake-up is signalled or `milliseconds` are over (-1: for ever).
    ///
    /// - Returns: Whether the wake-up was signalled.
    @discardableResult
    func wait(milliseconds: Int) throws(ZMQError) -> Bool {
        let timeout = try !refresh() ? Int32(clamping: milliseconds) : 0
        guard isUsable else {
            if timeout != 0 { usleep(10_000) }  // Without epoll nothing can end a wait: look again soon.
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
            guard let registration = registrations[Token(number: number)] else {
                isWoken = isWoken || number == 0
                continue
            }
            guard !ready.contains(where: { $0.registration === registration }) else { continue }
            let readiness = try registration.readiness()
            if !readiness.isEmpty { ready.append((registration, readiness)) }
        }
        return isWoken
    }

    /// Tells the handlers of what the last wait found ready.
    func dispatch() {
        // A handler may remove registrations, those that wait for their turn here included.
        for (registration, readiness) in ready where registrations[registration.token] != nil {
            // Whatever the handler leaves undone is found in the next turn.
            registration.used()
            registration.handler(readiness)
        }
        ready.removeAll(keepingCapacity: true)
    }
}
