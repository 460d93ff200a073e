/// The log records that wait to be published: a limited number of them, the newest are dropped.
struct LogQueue: Sendable {
    struct Record: Sendable, Hashable {
        let topic: String
        let text: String
    }

    /// What became of a record.
    enum Result: Sendable, Hashable {
        /// It waits, and whoever publishes has to be told.
        case first
        /// It waits behind others.
        case queued
        /// Nobody wants it, or there is no room for it.
        case dropped
    }

    /// What somebody subscribed to.
    var topics = LogTopics()

    /// How many records found no room.
    private(set) var dropped = 0

    private var records: [Record] = []
    private var byteCount = 0
    private let countLimit: Int
    private let byteLimit: Int

    init(countLimit: Int = 4096, byteLimit: Int = 4 * 1024 * 1024) {
        self.countLimit = countLimit
        self.byteLimit = byteLimit
    }

    /// Adds a record if there is room.
    mutating func add(_ record: Record) -> Result {
        let size = record.text.utf8.count
        guard records.count < countLimit, byteCount + size <= byteLimit else {
            dropped += 1
            return .dropped
        }
        records.append(record)
        byteCount += size
        return records.count == 1 ? .first : .queued
    }

    /// Takes all records out.
    mutating func takeAll() -> [Record] {
        defer {
            records = []
            byteCount = 0
        }
        return records
    }
}
