import ZeroMQ

@testable import Lymph

/// A member of an in-memory network, whose loop a test drives.
final class NetworkMember {
    /// What a member was told.
    enum Told: Equatable {
        case message(UInt128, Route)
        case malformed(WireError, Route)
        case writable(Endpoint)
        case left(Endpoint)
        case other(String)
    }

    let endpoint: Endpoint
    private let transport: any MessageTransport
    private let events = Lock<[TransportEvent]>([])

    /// Joins, at a free endpoint if none is given.
    init(_ network: InMemoryNetwork, at wanted: Endpoint? = nil) throws {
        transport = InMemoryTransport(network: network, loop: network.makeLoop(), wanted: wanted)
        endpoint = try transport.open { [events] event in events.withLock { $0.append(event) } }.endpoint
    }

    /// Sends a request with this id.
    func send(_ id: UInt128, over route: Route) throws -> Attempt { try send(.request(id), over: route) }

    func send(_ message: Lymph.Message, over route: Route) throws -> Attempt {
        try transport.send(message, over: route)
    }

    func leave() { transport.close(grace: .zero) }

    /// The messages that came since the last time.
    func messages() -> [Lymph.Message] {
        takeEvents().compactMap { if case .message(let message, _) = $0 { message } else { nil } }
    }

    /// What happened since the last time.
    func told() -> [Told] {
        takeEvents().map { event in
            switch event {
            case .message(let message, let route):
                if case .number(let id) = message.id { .message(id, route) } else { .other("\(message.id)") }
            case .malformed(let error, let route): .malformed(error, route)
            case .writable(let peer): .writable(peer)
            case .left(let peer): .left(peer)
            default: .other("\(event)")
            }
        }
    }

    private func takeEvents() -> [TransportEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
