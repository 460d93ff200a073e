import Testing

@testable import ZeroMQ

@Suite("Events of connections", .timeLimit(.minutes(1)))
struct MonitorTests {
    /// A bound socket, a connected one, and the monitors of both.
    private final class Bench {
        let context: Context
        let router: Socket
        let dealer: Socket
        let endpoint: String
        let monitor: Monitor
        let dealerMonitor: Monitor
        private let wakeup = Wakeup()
        private let pollSet: PollSet
        // nil once the router is no longer watched.
        private var token: PollSet.Token?
        private var events: [MonitorEvent] = []
        private var dealerEvents: [MonitorEvent] = []

        init() throws {
            context = try Context()
            router = try Socket(.router, in: context)
            dealer = try Socket(.dealer, in: context)
            pollSet = PollSet(wakeup: wakeup.descriptor)
            monitor = try Monitor(of: router, in: context, name: "router")
            dealerMonitor = try Monitor(of: dealer, in: context, name: "dealer")
            try router.bind("tcp://127.0.0.1:*")
            endpoint = try router.get(.lastEndpoint)
            try dealer.set(.reconnectInterval, 10)
            _ = pollSet.add(dealerMonitor.socket, for: .readable) { _ in }
            token = pollSet.add(monitor.socket, for: .readable) { _ in }
        }

        /// Waits until one side has seen every kind of event in `kinds`, and forgets them.
        func wait(router kinds: MonitorEvent.Kind...) throws -> [MonitorEvent] {
            try wait(for: kinds, \.events)
        }

        func wait(dealer kinds: MonitorEvent.Kind...) throws -> [MonitorEvent] {
            try wait(for: kinds, \.dealerEvents)
        }

        private func wait(
            for kinds: [MonitorEvent.Kind], _ path: ReferenceWritableKeyPath<Bench, [MonitorEvent]>
        ) throws -> [MonitorEvent] {
            let end = ContinuousClock.now + .seconds(20)
            while !Set(kinds).isSubset(of: Set(self[keyPath: path].map(\.kind))) {
                guard ContinuousClock.now < end else {
                    Issue.record("waited for \(kinds), there were \(self[keyPath: path].map(\.kind))")
                    break
                }
                _ = try pollSet.wait(milliseconds: 100)
                while token != nil, let event = try monitor.next() { events.append(event) }
                while let event = try dealerMonitor.next() { dealerEvents.append(event) }
            }
            defer { self[keyPath: path] = [] }
            return self[keyPath: path]
        }

        /// Sends an empty message, and returns on which descriptor the router receives it.
        func descriptorOfMessage() throws -> Int32? {
            var message = ZeroMQ.Message()
            let end = ContinuousClock.now + .seconds(20)
            while try dealer.send(&message, more: false) != .done { try #require(ContinuousClock.now < end) }
            let received = Multipart()
            while try router.receive(into: received) != .done { try #require(ContinuousClock.now < end) }
            #expect(received.descriptor(at: 0) == received.descriptor(at: 1))
            return received.descriptor(at: 1)
        }

        func stopWatchingRouter() {
            guard let token else { return }
            pollSet.remove(token)
            monitor.close(watching: router)
            self.token = nil
        }

        func end() {
            stopWatchingRouter()
            dealerMonitor.close(watching: dealer)
            router.close()
            dealer.close()
            context.terminate()
        }
    }

    @Test("a connection that opens and closes is reported")
    func comesAndGoes() throws {
        let bench = try Bench()
        defer { bench.end() }
        #expect(try bench.monitor.next() == nil)
        try bench.dealer.connect(bench.endpoint)
        let accepted = try bench.wait(router: .accepted, .handshakeSucceeded)
        #expect(accepted.map(\.kind) == [.accepted, .handshakeSucceeded])
        #expect(accepted.allSatisfy { $0.address == bench.endpoint })
        let descriptor = try #require(accepted.first).value
        #expect(descriptor > 2)
        let connected = try bench.wait(dealer: .connected, .handshakeSucceeded)
        #expect(connected.map(\.kind).filter { $0 != .connectDelayed } == [.connected, .handshakeSucceeded])
        #expect(connected.allSatisfy { $0.address == bench.endpoint })

        // A message is known to have come in on that connection.
        #expect(try bench.descriptorOfMessage() == descriptor)

        bench.dealer.close()
        let gone = try bench.wait(router: .disconnected)
        #expect(gone.first?.value == descriptor)
        #expect(gone.first?.address == bench.endpoint)
    }

    @Test("a peer that goes away is reconnected to")
    func tryAgain() throws {
        let bench = try Bench()
        defer { bench.end() }
        try bench.dealer.connect(bench.endpoint)
        _ = try bench.wait(dealer: .handshakeSucceeded)
        bench.stopWatchingRouter()
        bench.router.close()
        let events = try bench.wait(dealer: .disconnected, .connectRetried)
        let retried = try #require(events.first { $0.kind == .connectRetried })
        // The interval until the next attempt.
        #expect((10...1000).contains(retried.value))
        #expect(retried.address == bench.endpoint)
    }

    @Test("no event comes after the monitor is closed")
    func closed() throws {
        let bench = try Bench()
        defer { bench.end() }
        bench.stopWatchingRouter()
        try bench.dealer.connect(bench.endpoint)
        _ = try bench.wait(dealer: .handshakeSucceeded)
        #expect(throws: ZMQError.self) { try bench.monitor.next() }
    }

    @Test("a name can be used only once in a context")
    func names() throws {
        let bench = try Bench()
        defer { bench.end() }
        let other = try Socket(.router, in: bench.context)
        defer { other.close() }
        let error = #expect(throws: ZMQError.self) { try Monitor(of: other, in: bench.context, name: "router") }
        #expect(error?.isAddressInUse == true)
        #expect(error?.subject == "router")
    }

    @Test("an unknown event number is kept")
    func unknown() {
        #expect(MonitorEvent.Kind(0x8000) == .other(0x8000))
        #expect(MonitorEvent.Kind(1) == .connected)
    }
}
