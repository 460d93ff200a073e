import Lymph
import MessagePack
import Testing
import ZeroMQ

@testable import LymphTesting

@Suite("A simulated network", .timeLimit(.minutes(1)))
struct SimulatedNetworkTests {
    /// A member that notes what it is told.
    private final class Member {
        let transport: SimulatedTransport
        let endpoint: Endpoint
        private let events = Lock<[String]>([])

        init(_ network: SimulatedNetwork, at wanted: Endpoint? = nil) throws {
            transport = SimulatedTransport(network, network.scheduler.makeLoop(), wanted: wanted)
            let events = events
            endpoint = try transport.open { event in
                events.withLock { events in
                    switch event {
                    case .message(let message, _): events.append("\(message.kind) \(message.id)")
                    case .writable: events.append("writable")
                    case .disconnected: events.append("disconnected")
                    case .left: events.append("left")
                    case .refused: events.append("refused")
                    default: events.append("\(event)")
                    }
                }
            }.endpoint
        }

        /// What it was told since this was last asked, identical words in a row once.
        func told() -> [String] {
            events.withLock { events in
                defer { events = [] }
                return events
            }
        }

        func send(_ number: UInt128, _ kind: MessageKind = .request, over route: Route) throws -> Attempt {
            let purpose: Lymph.Message.Purpose = kind == .request ? .call("a.b") : .answer(.number(number))
            return try transport.send(
                Lymph.Message(
                    id: .number(number), kind: kind, purpose: purpose, headers: Headers(), payload: .bytes([0xc0])),
                over: route)
        }
    }

    private let scheduler = ManualScheduler(seed: 1)
    private let network: SimulatedNetwork

    init() { network = SimulatedNetwork(scheduler, seed: 3) }

    /// A caller that is connected to a service.
    private func connected() throws -> (caller: Member, service: Member) {
        let (caller, service) = (try Member(network), try Member(network))
        #expect(try caller.send(0, over: .dial(service.endpoint)) == .wouldBlock)
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == ["writable"])
        return (caller, service)
    }

    private func ids(_ events: [String]) -> [String] {
        events.filter { $0.hasPrefix("request") || $0.hasPrefix("reply") }
    }

    private func id(_ number: UInt128, _ kind: String = "request") -> String { "\(kind) \(MessageID.number(number))" }

    @Test("a connection takes messages once it is up, and delivers them in order")
    func order() throws {
        let (caller, service) = try connected()
        for number in UInt128(1)...20 {
            while try caller.send(number, over: .dial(service.endpoint)) == .wouldBlock {
                scheduler.advance(by: .milliseconds(1))
            }
        }
        scheduler.advance(by: .seconds(1))
        #expect(service.told() == (UInt128(1)...20).map { id($0) })
    }

    @Test("answers come back on the connection of the request")
    func answers() throws {
        let (caller, service) = try connected()
        #expect(try service.send(1, .reply, over: .back(caller.endpoint)) == .done)
        scheduler.advance(by: .seconds(1))
        #expect(ids(caller.told()) == [id(1, "reply")])
        #expect(throws: LymphError.self) { try caller.send(1, .reply, over: .back(service.endpoint)) }
    }

    @Test("what is sent into a partition arrives after it, if the connection has survived")
    func partition() throws {
        let (caller, service) = try connected()
        let cut = Weather.Cut(from: caller.endpoint, to: service.endpoint)
        network.change { $0.cuts[cut] = 1 }
        #expect(try caller.send(1, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .seconds(5))
        #expect(service.told().isEmpty)
        network.change { $0.cuts[cut] = 0 }
        scheduler.advance(by: .seconds(1))
        #expect(service.told() == [id(1)])
    }

    @Test("a connection without a way through is given up, and can be restored after the partition")
    func givenUp() throws {
        let (caller, service) = try connected()
        let cut = Weather.Cut(from: caller.endpoint, to: service.endpoint)
        network.change { $0.cuts[cut] = 1 }
        #expect(try caller.send(1, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .seconds(20))
        #expect(caller.told() == ["disconnected"])
        #expect(service.told() == ["left"])
        caller.transport.carryOut(.reconnect, on: service.endpoint)
        network.change { $0.cuts[cut] = 0 }
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == ["writable"])
        #expect(try caller.send(2, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .seconds(1))
        #expect(service.told() == [id(2)], "what was under way is lost")
    }

    @Test("a crash is noticed soon, or late", arguments: [true, false])
    func crash(isNoticed: Bool) throws {
        let (caller, service) = try connected()
        network.crash(service.endpoint, isNoticed: isNoticed)
        #expect(try caller.send(1, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == (isNoticed ? ["disconnected"] : []))
        scheduler.advance(by: .seconds(20))
        #expect(caller.told() == (isNoticed ? [] : ["disconnected"]))
        #expect(service.told().isEmpty)
        let successor = try Member(network, at: service.endpoint)
        caller.transport.carryOut(.reconnect, on: service.endpoint)
        scheduler.advance(by: .seconds(1))
        #expect(try caller.send(2, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .seconds(1))
        #expect(successor.told() == [id(2)])
    }

    /// How the connection to a service ends.
    enum End: CaseIterable { case stop, crash, crashOfMachine, partition }

    @Test(
        "where nobody listens any more, a lost connection is refused, once; where nothing answers, it isn't",
        arguments: End.allCases)
    func refusal(end: End) throws {
        let (caller, service) = try connected()
        let cut = Weather.Cut(from: service.endpoint, to: caller.endpoint)
        switch end {
        case .stop: service.transport.close(grace: .zero)
        case .crash: network.crash(service.endpoint, isNoticed: true)
        case .crashOfMachine: network.crash(service.endpoint, isNoticed: false)
        case .partition:
            network.crash(service.endpoint, isNoticed: true)
            network.change { $0.cuts[cut] = 1 }
        }
        scheduler.advance(by: .seconds(20))
        #expect(caller.told() == ["disconnected"])
        caller.transport.carryOut(.reconnect, on: service.endpoint)
        #expect(caller.told() == [])
        scheduler.advance(by: .milliseconds(2))
        let isRefused = end == .stop || end == .crash
        #expect(caller.told() == (isRefused ? ["refused"] : []))
        scheduler.advance(by: .seconds(20))
        #expect(caller.told() == [])
        network.change { $0.cuts[cut] = 0 }
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == (end == .partition ? ["refused"] : []))
        // Once somebody has listened there, it can be refused again.
        let successor = try Member(network, at: service.endpoint)
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == ["writable"])
        successor.transport.close(grace: .zero)
        scheduler.advance(by: .seconds(1))
        caller.transport.carryOut(.reconnect, on: service.endpoint)
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == ["disconnected", "refused"])
    }

    @Test("a first connection isn't refused: its service may be starting")
    func notYet() throws {
        let caller = try Member(network)
        let endpoint = try Endpoint(host: "127.0.0.1", port: 9)
        #expect(try caller.send(1, over: .dial(endpoint)) == .wouldBlock)
        scheduler.advance(by: .seconds(20))
        #expect(caller.told() == [])
    }

    @Test("a reader that stalls blocks its senders, and nothing is lost")
    func slowReader() throws {
        let (caller, service) = try connected()
        network.change { $0.slowReaders[service.endpoint] = 1 }
        var sent: UInt128 = 0
        while sent < 100, try caller.send(sent + 1, over: .dial(service.endpoint)) == .done { sent += 1 }
        #expect(sent == UInt128(network.capacity))
        scheduler.advance(by: .seconds(30))
        #expect(service.told().isEmpty)
        #expect(caller.told().isEmpty)
        network.change { $0.slowReaders[service.endpoint] = 0 }
        scheduler.advance(by: .seconds(1))
        #expect(service.told() == (1...sent).map { id($0) })
        #expect(caller.told() == ["writable"])
    }

    @Test("lost is what the weather takes, and only answers arrive twice")
    func lossAndDuplication() throws {
        let (caller, service) = try connected()
        network.change { $0.loss = 1 }
        #expect(try caller.send(1, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .seconds(1))
        network.change { ($0.loss, $0.duplication) = (0, 1) }
        #expect(try caller.send(2, over: .dial(service.endpoint)) == .done)
        scheduler.advance(by: .milliseconds(1))
        #expect(service.told() == [id(2)])
        #expect(try service.send(3, .reply, over: .back(caller.endpoint)) == .done)
        scheduler.advance(by: .seconds(1))
        #expect(ids(caller.told()) == [id(3, "reply"), id(3, "reply")])
    }

    @Test("who closes its connection has left, until it is back")
    func left() throws {
        let (caller, service) = try connected()
        for number in UInt128(1)...2 {
            #expect(try caller.send(number, over: .dial(service.endpoint)) == .done)
            scheduler.advance(by: .seconds(1))
            #expect(service.told() == [id(number)])
            caller.transport.carryOut(.disconnect, on: service.endpoint)
            scheduler.advance(by: .seconds(1))
            #expect(service.told() == ["left"])
            #expect(try caller.send(0, over: .dial(service.endpoint)) == .wouldBlock)
            scheduler.advance(by: .seconds(1))
        }
    }

    @Test("a member that stops sends what it has, and its peers are told")
    func closing() throws {
        let (caller, service) = try connected()
        #expect(try service.send(1, .reply, over: .back(caller.endpoint)) == .done)
        service.transport.close(grace: .seconds(1))
        scheduler.advance(by: .seconds(1))
        #expect(caller.told() == [id(1, "reply"), "disconnected"])
        #expect(throws: LymphError.self) { try service.send(2, .reply, over: .back(caller.endpoint)) }
    }

    @Test("two members can't have one endpoint, but a successor can")
    func endpoints() throws {
        let first = try Member(network)
        #expect(throws: LymphError.self) { try Member(network, at: first.endpoint) }
        first.transport.close(grace: .zero)
        #expect(try Member(network, at: first.endpoint).endpoint == first.endpoint)
    }
}
