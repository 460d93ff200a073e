internal import ZeroMQ

/// What has happened in a simulation: the last events, for people.
struct Trace {
    private var events: [String] = []
    private var next = 0

    /// How many events are kept.
    static var capacity: Int { 50 }

    mutating func add(_ event: String, at now: Instant) {
        let line = "\((now - .origin).inMilliseconds) ms  \(event)"
        if events.count < Self.capacity {
            events.append(line)
        } else {
            events[next] = line
            next = (next + 1) % Self.capacity
        }
    }

    /// The events, oldest first.
    var last: [String] { Array(events[next...] + events[..<next]) }
}

extension Duration {
    fileprivate var inMilliseconds: String {
        let (seconds, attoseconds) = components
        let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        let rest = "\(microseconds % 1000)"
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
