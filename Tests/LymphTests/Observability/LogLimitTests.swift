import Testing
import ZeroMQ

@testable import Lymph

@Suite("Similar log lines")
struct LogLimitTests {
    private typealias Limit = LogLimit<String>
    private let start = Instant.now

    @Test("a few lines of each kind are written per second")
    func perSecond() {
        var limit = Limit(limit: 3)
        func admitted(_ count: Int, of kind: String, after time: Duration) -> Int {
            (0..<count).count { _ in limit.admit(kind, at: start + time) }
        }
        #expect(admitted(10, of: "a", after: .zero) == 3)
        #expect(admitted(1, of: "b", after: .zero) == 1)
        #expect(admitted(1, of: "a", after: .milliseconds(999)) == 0)
        #expect(admitted(10, of: "a", after: .seconds(1)) == 3)
    }

    @Test("the others are summed up when the first of them is ten seconds old")
    func sums() {
        var limit = Limit(limit: 1)
        #expect(limit.nextSum == nil)
        for _ in 0..<101 { _ = limit.admit("a", at: start) }
        #expect(limit.nextSum == start + .seconds(10))
        for _ in 0..<3 { _ = limit.admit("b", at: start + .seconds(4)) }
        #expect(limit.nextSum == start + .seconds(10))
        func sums(after time: Duration) -> [Limit.Sum] { limit.takeSums(at: start + time) }
        #expect(sums(after: .seconds(9)) == [])
        #expect(sums(after: .seconds(11)) == [.init(kind: "a", count: 100, time: .seconds(11))])
        #expect(limit.nextSum == start + .seconds(14))
        #expect(sums(after: .seconds(14)) == [.init(kind: "b", count: 2, time: .seconds(10))])
        #expect(limit.nextSum == nil)
        // Reported lines are not reported again.
        let rest = limit.takeAll(at: start + .seconds(100))
        #expect(rest == [])
    }

    @Test("at the end all are summed up")
    func end() {
        var limit = Limit(limit: 1)
        for kind in ["a", "b", "b", "c", "c", "c"] { _ = limit.admit(kind, at: start) }
        let sums = limit.takeAll(at: start + .seconds(2)).sorted { $0.kind < $1.kind }
        #expect(sums.map(\.kind) == ["b", "c"])
        #expect(sums.map(\.count) == [1, 2])
        #expect(limit.nextSum == nil)
    }
}
