internal import Metrics

/// The counters of a client or container.
///
/// Each number is kept here for `lymph.get_metrics`, and also goes to swift-metrics under the same name.
package struct Statistics {
    private struct Key: Hashable {
        let name: String
        let dimension: String
        let value: String
    }

    /// One counter.
    private struct Tally {
        private(set) var value = 0
        private let counter: Counter

        init(_ counter: Counter) { self.counter = counter }

        mutating func increment() {
            value += 1
            counter.increment()
        }
    }

    private var connectionMeters: [String: (value: Int, meter: Meter)] = [:]
    // Nearly every call and request ends with a reply, so those have fixed places and are counted without hashing.
    private var tallies: [Tally?] = [nil, nil]
    private var places: [Key: Int] = [
        Key(name: calls, dimension: "outcome", value: CallOutcome.answered(.reply).tag): 0,
        Key(name: requests, dimension: "outcome", value: RequestOutcome.replied.tag): 1,
    ]

    private static let calls = "lymph.client.calls"
    private static let requests = "lymph.server.requests"
    private let tags: [String: String]

    /// - Parameter tags: Tags added to every number.
    package init(tags: [String: String] = [:]) {
        self.tags = tags
    }

    /// A received message or an answer was dropped.
    package mutating func countDrop(_ reason: DropReason) {
        count("lymph.dropped", "reason", reason.rawValue)
    }

    /// An outgoing call ended.
    package mutating func countCall(_ outcome: CallOutcome) {
        if case .answered(.reply) = outcome, tallies[0] != nil {
            tallies[0]?.increment()
        } else {
            count(Self.calls, "outcome", outcome.tag)
        }
    }

    /// An incoming request was answered.
    package mutating func countRequest(_ outcome: RequestOutcome) {
        if case .replied = outcome, tallies[1] != nil {
            tallies[1]?.increment()
        } else {
            count(Self.requests, "outcome", outcome.tag)
        }
    }

    /// An incoming request was cancelled.
    package mutating func countCancellation(_ reason: CancellationReason) {
        count("lymph.server.cancelled", "reason", reason.rawValue)
    }

    /// A call was retried on another instance.
    package mutating func countRetry() { count("lymph.client.retries", "reason", "unanswered") }

    /// A slow call was sent to a second instance as well.
    package mutating func countHedge() { count("lymph.client.retries", "reason", "slow") }

    /// Sets the number of connections in a state.
    package mutating func setConnections(_ count: Int, in state: String) {
        guard count > 0 || connectionMeters[state] != nil else { return }
        let meter =
            connectionMeters[state]?.meter ?? Meter(label: "lymph.connections", dimensions: dimensions("state", state))
        connectionMeters[state] = (count, meter)
        meter.set(count)
    }

    private mutating func count(_ name: String, _ dimension: String, _ value: String) {
        let key = Key(name: name, dimension: dimension, value: value)
        let place = places[key] ?? tallies.count
        if place == tallies.count {
            places[key] = place
            tallies.append(nil)
        }
        if tallies[place] == nil {
            tallies[place] = Tally(Counter(label: name, dimensions: dimensions(dimension, value)))
        }
        tallies[place]?.increment()
    }

    /// All numbers with their names and tags, in a stable order.
    package var all: [(name: String, value: Int, tags: [String: String])] {
        (places.compactMap { key, place in tallies[place].map { (key.name, $0.value, (key.dimension, key.value)) } }
            + connectionMeters.map { ("lymph.connections", $1.value, ("state", $0)) })
            .sorted { ($0.0, $0.2.0, $0.2.1) < ($1.0, $1.2.0, $1.2.1) }
            .map { ($0.0, $0.1, tags.merging([$0.2.0: $0.2.1]) { $1 }) }
    }

    private func dimensions(_ name: String, _ value: String) -> [(String, String)] {
        tags.merging([name: value]) { $1 }.sorted { $0.key < $1.key }
    }
}
