import Testing

@testable import LymphService

@Suite("Queue of lines to write")
struct LineQueueTests {
    private func take(_ queue: inout LineQueue) -> (text: String, lost: Int, gaps: [LineQueue.Gap]) {
        var batch: [UInt8] = []
        let (lost, gaps) = queue.take(into: &batch)
        return (String(decoding: batch, as: UTF8.self), lost, gaps)
    }

    @Test("lines come out in order, all at once")
    func order() {
        var queue = LineQueue(sources: 2, limit: 100)
        #expect(queue.isEmpty)
        queue.append("one", of: 0)
        queue.append(Array("two\nthree\n".utf8), of: 1)
        queue.append("four", of: 0)
        #expect(!queue.isEmpty)
        #expect(take(&queue) == ("one\ntwo\nthree\nfour\n", 0, []))
        #expect(queue.isEmpty)
    }

    @Test("lines that don't fit are dropped and counted, and so are all that follow until the queue is read")
    func gap() {
        var queue = LineQueue(sources: 1, limit: 8)
        queue.append("1234", of: 0)
        queue.append("5678", of: 0)
        // This one would fit, but come after the gap.
        queue.append("9", of: 0)
        queue.append(Array("a\nb\n".utf8), of: 0)
        #expect(take(&queue) == ("1234\n", 0, [.init(source: 0, lines: 4)]))
        queue.append("next", of: 0)
        #expect(take(&queue) == ("next\n", 0, []))
    }

    @Test("a source that writes too much takes no space from another")
    func shares() {
        var queue = LineQueue(sources: 3, limit: 8)
        for _ in 0..<10 { queue.append("loud", of: 1) }
        queue.append("quiet", of: 2)
        #expect(take(&queue) == ("loud\nquiet\n", 0, [.init(source: 1, lines: 9)]))
    }

    @Test("a line that is larger than the limit is accepted if nothing else of its source waits")
    func large() {
        var queue = LineQueue(sources: 1, limit: 8)
        queue.append("a line of some length", of: 0)
        queue.append("b", of: 0)
        #expect(take(&queue) == ("a line of some length\n", 0, [.init(source: 0, lines: 1)]))
    }

    @Test("lines that were taken but could not be written are reported before the next ones")
    func lost() {
        var queue = LineQueue(sources: 1, limit: 8)
        queue.append("one", of: 0)
        _ = take(&queue)
        queue.lose(1)
        // That is no reason to try again.
        #expect(queue.isEmpty)
        queue.append("two", of: 0)
        #expect(take(&queue) == ("two\n", 1, []))
        queue.append("three", of: 0)
        #expect(take(&queue) == ("three\n", 0, []))
    }
}
