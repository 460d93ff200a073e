/// A bounded queue of log records to publish. When it is full, new records are dropped.
struct LogQueue: Sendable {
    struct Record: Sendable, Hashable {
        let topic: String
        let text: String
    }

    /// What happened to a record.
    enum Result: Sendable, Hashable {
        /// Queued as the first one: the publisher's thread has to be woken.
        case first
        /// Queued behind others.
        case queued
        /// Dropped, because the queue is full.
        case dropped
    }

    /// The current subscriptions.
    var topics = LogTopics()

    /// The number of dropped records.
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

    /// Removes and returns all records.
    mutating func takeAll() -> [Record] {
        defer {
            records = []
            byteCount = 0
        }
        return records
    }
}
