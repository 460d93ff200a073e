import LymphTesting
import Testing
import ZeroMQ

@testable import Lymph

@Suite("In-memory network", .timeLimit(.minutes(1)))
struct InMemoryNetworkTests {
    private let scheduler = ManualScheduler()
    private let network: InMemoryNetwork

    init() { network = InMemoryNetwork(drivenBy: scheduler) }

    private func member(at wanted: Endpoint? = nil) throws -> NetworkMember {
        try NetworkMember(network, at: wanted)
    }

    @Test("a requested endpoint is assigned; otherwise a free one")
    func endpoints() throws {
        // The first two endpoints to be assigned.
        let taken = try [1024, 1025].map { try Endpoint(host: "127.0.0.1", port: $0) }
        let members = try taken.map { try member(at: $0) }
        #expect(members.map(\.endpoint) == taken)
        let others = try (0..<10).map { _ in try member() }
        #expect(Set(others.map(\.endpoint)).count == 10)
        #expect(Set(others.map(\.endpoint)).isDisjoint(with: taken))
        #expect(others.allSatisfy { $0.endpoint.isLoopback })
    }

    @Test("after the last port, free ports are assigned from the first again")
    func manyEndpoints() throws {
        let lasting = try (0..<3).map { _ in try member() }
        var ports: Set<UInt16> = []
        for _ in 0..<65_536 - 1024 - 3 {
            let member = try member()
            ports.insert(member.endpoint.port)
            member.leave()
        }
        #expect(ports.count == 65_536 - 1024 - 3)
        let next = try member()
        #expect(ports.contains(next.endpoint.port))
        #expect(!lasting.map(\.endpoint).contains(next.endpoint))
    }

    @Test("an endpoint has one member at a time")
    func inUse() async throws {
        let (first, other) = (try member(), try member())
        await expect(.bindFailure, "\(first.endpoint) is in use") { [network] in
            _ = try NetworkMember(network, at: first.endpoint)
        }
        // The earlier member still gets the messages.
        #expect(try other.send(1, over: .dial(first.endpoint)) == .done)
        scheduler.run()
        #expect(first.told() == [.message(1, .back(other.endpoint))])
        first.leave()
        let second = try member(at: first.endpoint)
        #expect(try other.send(2, over: .dial(first.endpoint)) == .done)
        scheduler.run()
        #expect(first.told() == [])
        #expect(second.told() == [.message(2, .back(other.endpoint))])
    }

    @Test("a member is told of an arrival once, however often it has tried to send")
    func waiting() throws {
        let endpoint = Endpoint.number(1)
        let (waiting, other, uninvolved) = (try member(), try member(), try member())
        for member in [waiting, other, waiting] {
            #expect(try member.send(1, over: .dial(endpoint)) == .wouldBlock)
        }
        scheduler.run()
        #expect(waiting.told() == [])
        let first = try member(at: endpoint)
        #expect(waiting.told() == [], "told from within a call")
        scheduler.run()
        #expect([waiting, other].map { $0.told() } == [[.writable(endpoint)], [.writable(endpoint)]])
        #expect([uninvolved, first].map { $0.told() } == [[], []])

        // Nobody waits until it tries again.
        first.leave()
        let second = try member(at: endpoint)
        scheduler.run()
        #expect(waiting.told() == [.left(endpoint)])
        second.leave()
        #expect(try waiting.send(2, over: .dial(endpoint)) == .wouldBlock)
        _ = try member(at: endpoint)
        scheduler.run()
        #expect(waiting.told() == [.left(endpoint), .writable(endpoint)])
        #expect(other.told() == [.left(endpoint), .left(endpoint)])
    }

    @Test("an arrival at another endpoint is not reported")
    func otherArrivals() throws {
        let waiting = try member()
        #expect(try waiting.send(1, over: .dial(.number(1))) == .wouldBlock)
        _ = try member(at: .number(2))
        scheduler.run()
        #expect(waiting.told() == [])
    }

    @Test("frames from outside arrive as if a peer had sent them")
    func deliver() throws {
        let (member, other) = (try member(), try member())
        let route = Route.dial(.number(1))
        network.deliver(Wire.frames(id: "one", subject: "echo.lower"), to: member.endpoint, over: route)
        network.deliver(Wire.frames(), to: .number(2), over: route)
        scheduler.run()
        let messages = member.messages()
        #expect(messages.map(\.subject) == ["echo.lower"])
        #expect(messages.map(\.source) == [.number(1)])
        #expect(other.told() == [])
    }

    private static let broken: [([[UInt8]], DropReason)] = [
        ([], .frameCount), (Array(Wire.frames().dropLast()), .frameCount), (Wire.frames() + [[]], .frameCount),
        (Wire.frames(kind: "WHAT"), .kind), (Wire.frames(headers: [0xff]), .headers),
        ([[]], .packed), ([[0, 0, 0, 9, 1]], .packed),
    ]

    @Test("malformed frames are reported with their route", arguments: broken)
    func brokenFrames(frames: [[UInt8]], reason: DropReason) throws {
        let member = try member()
        let route = Route.back(.number(1))
        network.deliver(frames, to: member.endpoint, over: route)
        network.deliver(Wire.frames(id: String(repeating: "0", count: 31) + "7"), to: member.endpoint, over: route)
        scheduler.run()
        let told = member.told()
        // What comes next is not affected.
        #expect(told.dropFirst() == [.message(7, route)])
        guard case .malformed(let error, route)? = told.first else {
            Issue.record("told \(told)")
            return
        }
        #expect(error.reason == reason)
    }

    @Test("the messages of a packed frame arrive one by one, up to a malformed one")
    func packed() throws {
        let member = try member()
        let route = Route.back(.number(1))
        var frame = PackedFrame()
        for id: UInt128 in [1, 2] {
            let isTaken = frame.append(
                Lymph.Message(
                    id: .number(id), kind: .request, purpose: .call("echo.upper"),
                    headers: try .request(version: nil, trace: TraceID(7), extra: [:]), payload: .bytes([0x80])))
            #expect(isTaken)
        }
        network.deliver([frame.bytes], to: member.endpoint, over: route)
        scheduler.run()
        #expect(member.told() == [.message(1, route), .message(2, route)])
        network.deliver([frame.bytes.dropLast()], to: member.endpoint, over: route)
        scheduler.run()
        let told = member.told()
        #expect(told.first == .message(1, route))
        guard told.count == 2, case .malformed(.packed, route) = told[1] else {
            Issue.record("told \(told)")
            return
        }
    }
}
