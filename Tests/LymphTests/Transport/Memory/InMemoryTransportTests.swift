import LymphTesting
import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Members of an in-memory network", .timeLimit(.minutes(1)))
struct InMemoryTransportTests {
    /// A network whose loops and tasks run in an order that depends on the seed; without a seed, in the natural order.
    private func makeNetwork(seed: UInt64? = nil) -> (InMemoryNetwork, ManualScheduler) {
        let scheduler = ManualScheduler(seed: seed)
        return (InMemoryNetwork(drivenBy: scheduler), scheduler)
    }

    @Test(
        "messages of two members to a third arrive in the order of each sender", arguments: [nil, 1, 2, 3] as [UInt64?])
    func order(seed: UInt64?) throws {
        let (network, scheduler) = makeNetwork(seed: seed)
        let senders = try (0..<2).map { _ in try NetworkMember(network) }
        let receiver = try NetworkMember(network)
        for id: UInt128 in 0..<100 {
            #expect(try senders[Int(id % 2)].send(id, over: .dial(receiver.endpoint)) == .done)
        }
        #expect(receiver.told() == [], "told from within a call")
        scheduler.run()
        let told = receiver.told()
        #expect(told.count == 100)
        for (number, sender) in senders.enumerated() {
            let expected = (0..<50).map { UInt128(2 * $0 + number) }
            let route = Route.back(sender.endpoint)
            #expect(
                told.compactMap { if case .message(let id, route) = $0 { id } else { nil } } == expected,
                "from \(number)")
            #expect(sender.told() == [])
        }
    }

    @Test("a message arrives unchanged, with the endpoint of its sender")
    func content() throws {
        let (network, scheduler) = makeNetwork()
        let (sender, receiver) = (try NetworkMember(network), try NetworkMember(network))
        let headers = try Headers.request(version: "1.5.0", trace: TraceID("trace"), extra: ["x": 1])
        let message = Lymph.Message(
            id: .text("id"), kind: .request, purpose: .call("echo.upper"), headers: headers,
            payload: .bytes([0x93, 1, 2, 3]))
        #expect(try sender.send(message, over: .dial(receiver.endpoint)) == .done)
        scheduler.run()
        let received = try #require(receiver.messages().first)
        #expect(received.id == .text("id"))
        #expect(received.kind == .request)
        #expect(received.purpose == .call("echo.upper"))
        #expect(received.headers.version == .exact("1.5.0"))
        #expect(received.headers.trace == TraceID("trace"))
        #expect(received.headers["x"] == 1)
        #expect(received.headers.features.contains(.sameConnection))
        #expect(try received.body == [1, 2, 3])
        #expect(received.source == sender.endpoint)
    }

    @Test("an answer on a connection arrives at the member that dialled it")
    func wayBack() throws {
        let (network, scheduler) = makeNetwork()
        let (caller, service) = (try NetworkMember(network), try NetworkMember(network))
        #expect(try caller.send(1, over: .dial(service.endpoint)) == .done)
        scheduler.run()
        #expect(service.told() == [.message(1, .back(caller.endpoint))])
        #expect(try service.send(2, over: .back(caller.endpoint)) == .done)
        scheduler.run()
        #expect(caller.told() == [.message(2, .dial(service.endpoint))])
        #expect(service.told() == [])
    }

    @Test("a member may call itself")
    func itself() throws {
        let (network, scheduler) = makeNetwork()
        let member = try NetworkMember(network)
        #expect(try member.send(1, over: .dial(member.endpoint)) == .done)
        scheduler.run()
        #expect(member.told() == [.message(1, .back(member.endpoint))])
    }

    @Test("a member that left can be waited for, but its return path is gone")
    func left() async throws {
        let (network, scheduler) = makeNetwork()
        let (member, other, leaving) = (
            try NetworkMember(network), try NetworkMember(network), try NetworkMember(network)
        )
        #expect(try member.send(1, over: .back(leaving.endpoint)) == .done)
        scheduler.run()
        #expect(leaving.told() == [.message(1, .dial(member.endpoint))])
        leaving.leave()
        for member in [member, other] {
            await expect(.notConnected, "\(leaving.endpoint) has left") {
                try member.send(2, over: .back(leaving.endpoint))
            }
        }
        #expect(try member.send(3, over: .dial(leaving.endpoint)) == .wouldBlock)
        let next = try NetworkMember(network, at: leaving.endpoint)
        scheduler.run()
        #expect(member.told() == [.left(leaving.endpoint), .writable(leaving.endpoint)])
        // Sending an answer back does not wait.
        #expect(other.told() == [.left(leaving.endpoint)])
        #expect(try member.send(4, over: .back(leaving.endpoint)) == .done)
        scheduler.run()
        // Messages that could not be sent were not kept.
        #expect(next.told() == [.message(4, .dial(member.endpoint))])
        #expect(leaving.told() == [])
    }

    @Test("a member that left sends nothing; leaving twice does no harm")
    func closed() async throws {
        let (network, scheduler) = makeNetwork()
        let (leaving, other) = (try NetworkMember(network), try NetworkMember(network))
        leaving.leave()
        for route in [Route.dial(other.endpoint), .back(other.endpoint)] {
            await expect(.stopped) { try leaving.send(1, over: route) }
        }
        let next = try NetworkMember(network, at: leaving.endpoint)
        leaving.leave()
        #expect(try other.send(2, over: .dial(next.endpoint)) == .done)
        scheduler.run()
        #expect(next.told() == [.message(2, .back(other.endpoint))])
        #expect(other.told() == [.left(leaving.endpoint)])
    }
}
