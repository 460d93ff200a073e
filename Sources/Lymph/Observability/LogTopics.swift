/// Which log records somebody subscribed to.
///
/// A record's topic is its level's name. A subscription names the beginning of the topics that it is for; the empty
/// one is for all.
struct LogTopics: Sendable {
    /// Every topic that there is, as Python's logging names the levels.
    static let all = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

    private var beginnings: Set<[UInt8]> = []

    /// Takes over what the socket reports: 1 and a beginning for a new subscription, 0 and a beginning for one that ended.
    ///
    /// The socket reports each beginning once, however many subscribe to it. Those that fit no topic are not kept: what a
    /// stranger sends can't fill the memory.
    mutating func update(_ report: some Collection<UInt8>) {
        let beginning = Array(report.dropFirst())
        guard Self.all.contains(where: { $0.utf8.starts(with: beginning) }) else { return }
        switch report.first {
        case 1: beginnings.insert(beginning)
        case 0: beginnings.remove(beginning)
        default: break
        }
    }

    /// Whether somebody wants the records with this topic.
    func contains(_ topic: String) -> Bool {
        beginnings.contains { topic.utf8.starts(with: $0) }
    }
}
