import Testing

@testable import Lymph

@Suite("Queue of log records")
struct LogQueueTests {
    private func record(_ text: String) -> LogQueue.Record { .init(topic: "INFO", text: text) }

    @Test("the first of a batch is marked; all come out in order, once")
    func order() {
        var queue = LogQueue()
        #expect(queue.add(record("a")) == .first)
        #expect(queue.add(record("b")) == .queued)
        #expect(queue.takeAll().map(\.text) == ["a", "b"])
        #expect(queue.takeAll() == [])
        #expect(queue.add(record("c")) == .first)
    }

    @Test("records beyond the limits are dropped and counted")
    func limits() {
        var byCount = LogQueue(countLimit: 2, byteLimit: 100)
        #expect(byCount.add(record("a")) == .first)
        #expect(byCount.add(record("b")) == .queued)
        #expect(byCount.add(record("c")) == .dropped)
        var bySize = LogQueue(countLimit: 100, byteLimit: 5)
        #expect(bySize.add(record("123456")) == .dropped)
        #expect(bySize.add(record("1234")) == .first)
        #expect(bySize.add(record("12")) == .dropped)
        #expect(bySize.add(record("1")) == .queued)
        #expect(byCount.dropped == 1 && bySize.dropped == 2)
        _ = bySize.takeAll()
        #expect(bySize.add(record("12345")) == .first)
    }
}

@Suite("Subscriptions")
struct LogTopicsTests {
    private func topics(_ reports: String...) -> LogTopics {
        var topics = LogTopics()
        for report in reports { topics.update(Array(report.utf8)) }
        return topics
    }

    @Test("nothing is subscribed to at first, everything with the empty prefix")
    func all() {
        #expect(!LogTopics.all.contains { topics().contains($0) })
        #expect(LogTopics.all.allSatisfy { topics("\u{1}").contains($0) })
        #expect(!LogTopics.all.contains { topics("\u{1}", "\u{0}").contains($0) })
    }

    @Test("a prefix subscribes to all topics that begin with it")
    func some() {
        let some = topics("\u{1}ERROR", "\u{1}WARN", "\u{0}ERROR")
        #expect(LogTopics.all.filter { some.contains($0) } == ["WARNING"])
    }

    @Test(
        "an unknown prefix or a malformed report changes nothing",
        arguments: ["\u{1}NOISE", "\u{1}INFO2", "\u{2}INFO", ""])
    func strange(report: String) {
        #expect(!LogTopics.all.contains { topics(report).contains($0) })
    }
}
