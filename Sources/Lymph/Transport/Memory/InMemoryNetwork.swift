internal import ZeroMQ

/// A network inside the process, for tests. Containers and clients that share one reach each other without sockets.
///
/// Calls behave as they do over ØMQ, and messages are encoded and decoded in the same way.
public final class InMemoryNetwork: Network {
    /// A member of the network: its loop, and the handler of its events.
    struct Port: @unchecked Sendable {  // The handler is only called on the loop.
        let loop: any EventLoop
        let handler: (TransportEvent) -> Void

        func tell(_ events: @escaping @Sendable () -> [TransportEvent]) {
            loop.execute { for event in events() { handler(event) } }
        }
    }

    fileprivate struct State {
        var ports: [Endpoint: Port] = [:]
        var waiting: [Endpoint: [Port]] = [:]
        var lastNumber: UInt16 = 1023
    }

    private let state = Lock(State())

    /// Makes the loop of a new member.
    let makeLoop: @Sendable () -> any EventLoop

    /// Creates a network without members.
    public convenience init() { self.init { PollThread(name: "lymph-poller") } }

    /// Creates a network whose members run on the given loops.
    package init(makeLoop: @escaping @Sendable () -> any EventLoop) { self.makeLoop = makeLoop }

    package func join(at wanted: Endpoint?) -> (loop: any EventLoop, transport: any MessageTransport) {
        let loop = makeLoop()
        return (loop, InMemoryTransport(network: self, loop: loop, wanted: wanted))
    }

    /// Opens a port at the wanted endpoint, or at a free one.
    func open(_ port: Port, at wanted: Endpoint?) throws(LymphError) -> Endpoint {
        let joined: (endpoint: Endpoint, waiting: [Port])? = state.withLock { state in
            let endpoint = wanted ?? state.freeEndpoint()
            guard state.ports[endpoint] == nil else { return nil }
            state.ports[endpoint] = port
            return (endpoint, state.waiting.removeValue(forKey: endpoint) ?? [])
        }
        guard let joined else {
            throw LymphError(.bindFailure, "\(wanted?.description ?? "the endpoint") is in use in this network")
        }
        for other in joined.waiting { other.tell { [.writable(joined.endpoint)] } }
        return joined.endpoint
    }

    /// Closes the port at an endpoint, and tells the other members.
    func close(_ endpoint: Endpoint) {
        let others = state.withLock { state in
            state.ports[endpoint] = nil
            // Not in the order of the table, which differs from run to run.
            return state.ports.sorted { $0.key < $1.key }
        }
        for (_, port) in others { port.tell { [.left(endpoint)] } }
    }

    /// The member at an endpoint. If there is none, `waiting` is told when one joins.
    func port(at endpoint: Endpoint, orTell waiting: Port) -> Port? {
        state.withLock { state in
            if let port = state.ports[endpoint] { return port }
            if state.waiting[endpoint]?.contains(where: { $0.loop === waiting.loop }) != true {
                state.waiting[endpoint, default: []].append(waiting)
            }
            return nil
        }
    }

    /// The member at an endpoint.
    func port(at endpoint: Endpoint) -> Port? {
        state.withLock { $0.ports[endpoint] }
    }

    /// Delivers frames to the member at `target`, as if they had come in on `route`.
    package func deliver(_ frames: [[UInt8]], to target: Endpoint, over route: Route) {
        let port = state.withLock { $0.ports[target] }
        port?.tell { Self.events(for: frames, over: route) }
    }

    /// What a member is told when frames come in on a route.
    package static func events(for frames: [[UInt8]], over route: Route) -> [TransportEvent] {
        var events: [TransportEvent] = []
        do throws(WireError) {
            if frames.count == 1 {
                try Payload.bytes(frames[0]).withUnsafeBytes { bytes throws(WireError) in
                    try PackedFrame.read(bytes, sender: Peer(route.peer)) { events.append(.message($0, route)) }
                }
            } else {
                events.append(.message(try Message(frames: frames, sender: Peer(route.peer)), route))
            }
        } catch {
            events.append(.malformed(error, route))
        }
        return events
    }
}

extension InMemoryNetwork.State {
    fileprivate mutating func freeEndpoint() -> Endpoint {
        while true {
            lastNumber = lastNumber == .max ? 1024 : lastNumber + 1
            if let endpoint = try? Endpoint(host: "127.0.0.1", port: lastNumber), ports[endpoint] == nil {
                return endpoint
            }
        }
    }
}
