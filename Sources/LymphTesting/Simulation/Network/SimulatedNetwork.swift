package import Lymph
internal import ZeroMQ

/// A network whose connections behave like those of ØMQ over TCP, in virtual time, with faults.
package final class SimulatedNetwork: Network, @unchecked Sendable {  // Confined to the thread of its simulation.
    let scheduler: ManualScheduler
    /// The faults in effect.
    var weather = Weather()
    private var random: SplitMix64
    private var members: [Endpoint: SimulatedTransport] = [:]
    // Where a machine was, which answers nothing any more.
    private var mute: Set<Endpoint> = []
    private var links: [Link] = []
    private var lastPort: UInt16 = 4000
    /// The number of messages that fit into a direction of a connection, those in the buffers of both sockets included.
    var capacity: Int

    init(_ scheduler: ManualScheduler, seed: UInt64) {
        self.scheduler = scheduler
        random = SplitMix64(seed: seed)
        capacity = [1, 2, 8, 32][random.next(in: 0...3)]
    }

    package func join(at wanted: Endpoint?) -> (loop: any EventLoop, transport: any MessageTransport) {
        let loop = scheduler.makeLoop()
        return (loop, SimulatedTransport(self, loop, wanted: wanted))
    }

    // MARK: Members

    /// The member that listens at an endpoint.
    func member(at endpoint: Endpoint) -> SimulatedTransport? { members[endpoint] }

    /// Whether the machine at an endpoint is gone, so that it doesn't even refuse connections.
    func isMute(_ endpoint: Endpoint) -> Bool { mute.contains(endpoint) }

    func add(_ member: SimulatedTransport, at wanted: Endpoint?) throws(LymphError) -> Endpoint {
        let endpoint: Endpoint
        if let wanted {
            endpoint = wanted
        } else {
            lastPort += 1
            guard lastPort < .max, let free = try? Endpoint(host: "127.0.0.1", port: lastPort) else {
                throw LymphError(.bindFailure, "there are no ports left")
            }
            endpoint = free
        }
        guard members[endpoint] == nil else { throw LymphError(.bindFailure, "\(endpoint) is in use") }
        members[endpoint] = member
        mute.remove(endpoint)
        return endpoint
    }

    func remove(_ member: SimulatedTransport, at endpoint: Endpoint) {
        if members[endpoint] === member { members[endpoint] = nil }
    }

    // MARK: Links

    func add(_ link: Link) { links.append(link) }
    func remove(_ link: Link) { links.removeAll { $0 === link } }

    /// Changes the weather; what was held up goes on.
    func change(_ body: (inout Weather) -> Void) {
        body(&weather)
        for link in links { link.resume() }
    }

    /// A member vanishes without a word.
    ///
    /// - Parameter isNoticed: Whether its connections are closed, as they are if only the process has ended, and not the
    ///   machine.
    func crash(_ endpoint: Endpoint, isNoticed: Bool) {
        guard let member = members.removeValue(forKey: endpoint) else { return }
        if !isNoticed { mute.insert(endpoint) }
        member.crash()
        for link in links where link.touches(member) { link.lose(member, isNoticed: isNoticed) }
    }

    // MARK: Chance

    /// How long a message takes.
    func drawLatency() -> Duration { .microseconds(Int64(random.next(in: 50...Int(weather.mostMicroseconds)))) }

    func chance(_ probability: Double) -> Bool { random.chance(probability) }
}

/// The faults of a network that are in effect.
struct Weather {
    /// The slowest that a message may be.
    var mostMicroseconds = 400
    /// The share of messages that are lost without a trace.
    var loss = 0.0
    /// The share of answers that arrive twice.
    var duplication = 0.0
    /// From where to where nothing gets through.
    var cuts: [Cut: Int] = [:]
    /// Members that don't read.
    var slowReaders: [Endpoint: Int] = [:]

    struct Cut: Hashable {
        let from: Endpoint
        let to: Endpoint
    }

    func isCut(from: Endpoint, to: Endpoint) -> Bool { !cuts.isEmpty && cuts[Cut(from: from, to: to), default: 0] > 0 }

    func isSlow(_ member: Endpoint) -> Bool { !slowReaders.isEmpty && slowReaders[member, default: 0] > 0 }
}

extension SplitMix64 {
    mutating func next(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func chance(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &self) < probability
    }
}
