/// The subscriptions to log records.
///
/// A record's topic is its level's name. A subscription is a prefix of the topics that it matches; the empty one
/// matches all.
struct LogTopics: Sendable {
    /// All topics: the names of the levels in Python's logging.
    static let all = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

    private var beginnings: Set<[UInt8]> = []

    /// Applies a report of the socket: 1 and a prefix for a new subscription, 0 and a prefix for one that has ended.
    ///
    /// The socket reports each prefix once, however many subscribe to it. Prefixes that match no topic are not stored,
    /// so that strangers cannot fill the memory.
    mutating func update(_ report: some Collection<UInt8>) {
        let beginning = Array(report.dropFirst())
        guard Self.all.contains(where: { $0.utf8.starts(with: beginning) }) else { return }
        switch report.first {
        case 1: beginnings.insert(beginning)
        case 0: beginnings.remove(beginning)
        default: break
        }
    }

    /// Whether somebody has subscribed to a topic.
    func contains(_ topic: String) -> Bool {
        beginnings.contains { topic.utf8.starts(with: $0) }
    }
}
