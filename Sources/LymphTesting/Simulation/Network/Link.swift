internal import DequeModule
internal import Lymph
internal import ZeroMQ

/// A connection that one member has made, or tries to make, to another.
///
/// Messages of one direction arrive in order. Those under way are lost when it breaks.
final class Link: @unchecked Sendable {  // Confined to the thread of its simulation.
    enum Direction { case out, back }

    private enum State {
        /// Next: `open`, `closed`.
        case connecting
        /// Next: `broken`, `closed`.
        case open
        /// It works for nobody, and not everybody knows. Next: `closed`.
        case broken
        case closed
    }

    private struct Pipe {
        var messages: Deque<(frames: [[UInt8]], arrival: Instant, isCopy: Bool)> = []
        // Whether the sender was turned away.
        var isBlocked = false
    }

    private let network: SimulatedNetwork
    private let dialer: SimulatedTransport
    let dialerEndpoint: Endpoint
    let peer: Endpoint
    private var listener: SimulatedTransport?
    private var state = State.connecting
    private var out = Pipe()
    private var back = Pipe()
    // Whether it ends as soon as everything under way has arrived.
    private var isFinishing = false
    // Whether a refusal to connect is still to be reported.
    private var reportsRefusal: Bool
    // Since when a message has not got through.
    private var stuckSince: Instant?

    /// After this time without a way through, TCP gives a connection up.
    private static let patience = Duration.seconds(8)
    private static let connectInterval = Duration.milliseconds(100)

    /// - Parameter isRestored: Whether it takes the place of a connection that was lost.
    init(
        _ network: SimulatedNetwork, dialer: SimulatedTransport, at endpoint: Endpoint, to peer: Endpoint,
        isRestored: Bool
    ) {
        self.network = network
        self.dialer = dialer
        reportsRefusal = isRestored
        dialerEndpoint = endpoint
        self.peer = peer
        network.add(self)
    }

    func touches(_ member: SimulatedTransport) -> Bool { dialer === member || listener === member }

    // MARK: Connecting

    func connect() {
        after(network.drawLatency() * 3, on: dialer) { [self] in
            guard state == .connecting else { return }
            let isCut = isCut(.out) || isCut(.back)
            guard !isCut, let member = network.member(at: peer) else {
                if !isCut, !network.isMute(peer) { refuse() }
                return after(Self.connectInterval, on: dialer) { [self] in connect() }
            }
            state = .open
            listener = member
            after(.zero, on: member) { [self] in if state == .open { member.accept(self) } }
            dialer.tell([.writable(peer)])
        }
    }

    private func refuse() {
        guard reportsRefusal else { return }
        reportsRefusal = false
        dialer.tell([.refused(peer)])
    }

    // MARK: Messages

    func send(_ message: Lymph.Message, _ direction: Direction) -> Attempt {
        switch state {
        case .connecting: return .wouldBlock
        case .broken, .closed: return .done
        case .open: break
        }
        guard self[direction].messages.count < network.capacity else {
            self[direction].isBlocked = true
            return .wouldBlock
        }
        if !network.chance(network.weather.loss) { append(message.frames(), direction, isCopy: false) }
        return .done
    }

    private func append(_ frames: [[UInt8]], _ direction: Direction, isCopy: Bool) {
        let now = network.scheduler.now
        let arrival = max(now + network.drawLatency(), self[direction].messages.last?.arrival ?? now)
        self[direction].messages.append((frames, arrival, isCopy))
        schedule(direction, after: arrival - now)
    }

    private func schedule(_ direction: Direction, after duration: Duration) {
        guard let receiver = receiver(direction) else { return }
        after(duration, on: receiver) { [self] in deliver(direction) }
    }

    private func deliver(_ direction: Direction) {
        guard state == .open, let receiver = receiver(direction) else { return }
        guard !isCut(direction) else { return noteObstacle() }
        stuckSince = nil
        let endpoint = direction == .out ? peer : dialerEndpoint
        while !network.weather.isSlow(endpoint), let (frames, arrival, isCopy) = self[direction].messages.first {
            guard arrival <= network.scheduler.now else { break }
            self[direction].messages.removeFirst()
            let route: Route = direction == .out ? .back(dialerEndpoint) : .dial(peer)
            let events = InMemoryNetwork.events(for: frames, over: route)
            receiver.tell(events)
            guard state == .open else { return }
            if !isCopy, isAnswer(events), network.chance(network.weather.duplication) {
                append(frames, direction, isCopy: true)
            }
        }
        if self[direction].isBlocked, self[direction].messages.count <= network.capacity / 2 {
            self[direction].isBlocked = false
            // A ROUTER doesn't say so: its user tries again.
            if direction == .out { after(.zero, on: dialer) { [self] in tellWritable() } }
        }
        endIfFinished()
    }

    private func tellWritable() { if state == .open { dialer.tell([.writable(peer)]) } }

    // Python lymph may answer twice; nothing repeats a request.
    private func isAnswer(_ events: [TransportEvent]) -> Bool {
        if case .message(let message, _)? = events.first { message.kind != .request } else { false }
    }

    /// The weather has changed.
    func resume() {
        guard state == .open else { return }
        for direction in [Direction.out, .back] where !self[direction].messages.isEmpty {
            schedule(direction, after: .zero)
        }
    }

    /// Something can't get through: gives up after a while.
    private func noteObstacle() {
        guard stuckSince == nil else { return }
        let since = network.scheduler.now
        stuckSince = since
        after(Self.patience, on: dialer) { [self] in if stuckSince == since, state == .open { tellOfEnd() } }
    }

    // MARK: Ending

    /// The dialer closes it.
    func close() {
        let wasOpen = state == .open
        end()
        guard wasOpen, let listener else { return }
        after(network.drawLatency(), on: listener) { [self] in listener.forget(self) }
    }

    /// A member stops; what is under way still arrives if nothing is in its way.
    func finish(_ member: SimulatedTransport) {
        guard state == .open else { return end() }
        isFinishing = true
        let other = member === dialer ? listener ?? dialer : dialer
        after(network.drawLatency(), on: other) { [self] in endIfFinished() }
    }

    private func endIfFinished() {
        if state == .open, isFinishing, out.messages.isEmpty, back.messages.isEmpty { tellOfEnd() }
    }

    /// A member is gone.
    ///
    /// - Parameter isNoticed: Whether the other one notices soon; otherwise after a long time.
    func lose(_ member: SimulatedTransport, isNoticed: Bool) {
        guard state == .open else { return end() }
        state = .broken
        let other = member === dialer ? listener ?? dialer : dialer
        let time = isNoticed ? network.drawLatency() : Self.patience
        after(time, on: other) { [self] in tellOfEnd() }
    }

    private func tellOfEnd() {
        guard state != .closed else { return }
        let listener = listener
        end()
        after(.zero, on: dialer) { [self] in dialer.lose(self) }
        if let listener { after(.zero, on: listener) { [self] in listener.forget(self) } }
    }

    private func end() {
        state = .closed
        (out, back) = (Pipe(), Pipe())
        network.remove(self)
    }

    // MARK: Helpers

    private subscript(direction: Direction) -> Pipe {
        get { direction == .out ? out : back }
        _modify { if direction == .out { yield &out } else { yield &back } }
    }

    private func receiver(_ direction: Direction) -> SimulatedTransport? { direction == .out ? listener : dialer }

    private func isCut(_ direction: Direction) -> Bool {
        direction == .out
            ? network.weather.isCut(from: dialerEndpoint, to: peer)
            : network.weather.isCut(from: peer, to: dialerEndpoint)
    }

    private func after(_ duration: Duration, on member: SimulatedTransport, _ body: @escaping @Sendable () -> Void) {
        network.scheduler.schedule(after: duration, on: member.loop, body)
    }
}
