import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("What waits to be sent")
struct OutboxesTests {
    private let dial = Route.dial(.number(1))
    private let back = Route.back(.number(1))
    private let other = Route.back(.number(2))

    /// An answer that counts as `byteCount` bytes, 256 at least.
    private func answer(_ id: Int, byteCount: Int = 1000) -> Outboxes.Item {
        let body = [UInt8](repeating: 0, count: byteCount - 256 - 10)
        return .answer(
            Message(
                id: .text("\(id)"), kind: .reply, about: .request(.number(1)),
                headers: Headers(count: 1, entries: [UInt8](repeating: 0, count: 10), trace: nil, isForSwift: false),
                payload: .bytes(body)))
    }

    private func describe(_ item: Outboxes.Item?) -> String {
        switch item {
        case .call(let id): "call \(id)"
        case .answer(let answer): "answer \(answer.id)"
        case nil: "nothing"
        }
    }

    /// Takes everything out of a route's queue.
    private func drain(_ outboxes: inout Outboxes, _ route: Route) -> [String] {
        var items: [String] = []
        while let item = outboxes.first(route) {
            items.append(describe(item))
            outboxes.removeFirst(route)
        }
        return items
    }

    /// How many answers of 1000 bytes there is room for.
    private func room(_ outboxes: Outboxes) -> Int {
        var outboxes = outboxes
        var count = 0
        while outboxes.append(answer(count), to: .dial(.number(99))) { count += 1 }
        return count
    }

    @Test("each route has its queue, and each queue its order")
    func order() {
        var outboxes = Outboxes(byteLimit: 1_000_000)
        #expect(outboxes.isEmpty(dial))
        #expect(describe(outboxes.first(dial)) == "nothing")
        for number in 0..<3 {
            #expect(outboxes.append(.call(UInt128(number)), to: dial) == true)
            #expect(outboxes.append(answer(number), to: back) == true)
            #expect(outboxes.append(answer(number + 10), to: dial) == true)
        }
        #expect(!outboxes.isEmpty(dial))
        #expect(!outboxes.isEmpty(back))
        #expect(outboxes.isEmpty(other))
        #expect(drain(&outboxes, dial) == ["call 0", "answer 10", "call 1", "answer 11", "call 2", "answer 12"])
        #expect(drain(&outboxes, back) == ["answer 0", "answer 1", "answer 2"])
        #expect(outboxes.isEmpty(dial))
        outboxes.removeFirst(dial)
        #expect(outboxes.isEmpty(dial))
    }

    @Test("answers have a limit in all, in bytes; calls have none")
    func limit() {
        var outboxes = Outboxes(byteLimit: 3000)
        #expect(outboxes.append(answer(0), to: dial) == true)
        #expect(outboxes.append(answer(1), to: back) == true)
        #expect(outboxes.append(answer(2), to: other) == true)
        #expect(outboxes.append(answer(3, byteCount: 300), to: dial) == false)
        for id in 0..<1000 { #expect(outboxes.append(.call(UInt128(id)), to: dial) == true) }
        outboxes.removeFirst(back)
        #expect(outboxes.append(answer(4, byteCount: 1001), to: back) == false)
        #expect(outboxes.append(answer(5, byteCount: 1000), to: back) == true)
        #expect(drain(&outboxes, back) == ["answer 5"])
        #expect(drain(&outboxes, dial).count == 1001)
    }

    @Test("an answer for which there is no room leaves no trace")
    func refused() {
        var outboxes = Outboxes(byteLimit: 999)
        #expect(outboxes.append(answer(0), to: back) == false)
        #expect(outboxes.isEmpty(back))
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)
        #expect(!outboxes.isWaitingForCall(to: .number(1)))
    }

    @Test("what leaves makes room, however it leaves")
    func accounting() {
        var outboxes = Outboxes(byteLimit: 10_000)
        #expect(room(outboxes) == 10)
        for number in 0..<3 { outboxes.append(answer(number), to: dial) }
        for number in 0..<3 { outboxes.append(answer(number), to: back) }
        for number in 0..<2 { outboxes.append(answer(number), to: other) }
        outboxes.append(.call(1), to: dial)
        #expect(room(outboxes) == 2)
        outboxes.removeFirst(dial)
        #expect(room(outboxes) == 3)
        outboxes.remove(back)
        #expect(room(outboxes) == 6)
        outboxes.remove(back)
        #expect(room(outboxes) == 6)
        _ = drain(&outboxes, dial)
        #expect(room(outboxes) == 8)
        outboxes.removeAll()
        #expect(room(outboxes) == 10)
        #expect(outboxes.isEmpty(other))
    }

    @Test("a long id of a stranger's counts, too")
    func longIDs() {
        let id = MessageID.text(String(repeating: "x", count: 744))
        let answer = Outboxes.Item.answer(
            Message(id: .number(1), kind: .reply, about: .request(id), headers: Headers(), payload: .bytes([])))
        var outboxes = Outboxes(byteLimit: 2999)
        #expect(outboxes.append(answer, to: dial) == true)
        #expect(outboxes.append(answer, to: dial) == true)
        #expect(outboxes.append(answer, to: dial) == false)
        outboxes.removeFirst(dial)
        #expect(outboxes.append(answer, to: dial) == true)
        _ = drain(&outboxes, dial)
        #expect(room(outboxes) == 2)
    }

    @Test("after any sequence of changes the accounting returns to zero")
    func randomAccounting() {
        var random = SplitMix64(seed: 9)
        var outboxes = Outboxes(byteLimit: 20_000)
        let routes = (0..<5).flatMap { [Route.dial(.number($0)), .back(.number($0))] }
        for step in 0..<5000 {
            let route = routes[Int.random(in: 0..<routes.count, using: &random)]
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<10:
                outboxes.append(answer(step, byteCount: Int.random(in: 266...5000, using: &random)), to: route)
            case 10..<13: outboxes.append(.call(UInt128(step)), to: route)
            case 13..<19: outboxes.removeFirst(route)
            default: outboxes.remove(route)
            }
        }
        for route in routes { _ = drain(&outboxes, route) }
        #expect(outboxes.append(answer(0, byteCount: 20_000), to: dial) == true)
        #expect(outboxes.append(answer(1, byteCount: 266), to: dial) == false)
    }

    @Test("a blocked way back is tried again soon; a dialled connection tells when it is there")
    func retries() throws {
        var outboxes = Outboxes(byteLimit: 10_000)
        outboxes.append(answer(0), to: dial)
        outboxes.blocked(dial)
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)

        let before = Instant.now
        outboxes.append(answer(0), to: back)
        let first = try #require(outboxes.retryAt)
        #expect(first >= before + .milliseconds(1))
        #expect(first <= .now + .milliseconds(1))
        outboxes.append(answer(1), to: other)
        outboxes.blocked(back)
        // The first one that is blocked sets the time: more of them don't put it off.
        #expect(outboxes.retryAt == first)
        #expect(outboxes.takeRetries() == [back, other])
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)
        // They stay in their queues, and may be blocked again.
        #expect(!outboxes.isEmpty(back))
        outboxes.blocked(back)
        #expect(outboxes.retryAt != nil)
        #expect(outboxes.takeRetries() == [back])
    }

    @Test("a route that is removed is not tried again")
    func removal() {
        var outboxes = Outboxes(byteLimit: 10_000)
        outboxes.append(answer(0), to: back)
        outboxes.append(answer(1), to: other)
        outboxes.remove(back)
        #expect(outboxes.isEmpty(back))
        #expect(outboxes.takeRetries() == [other])
        outboxes.blocked(back)
        outboxes.removeAll()
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)
    }

    @Test("a peer is needed while a call waits for the connection to it")
    func waitingCalls() {
        var outboxes = Outboxes(byteLimit: 10_000)
        outboxes.append(answer(0), to: dial)
        #expect(!outboxes.isWaitingForCall(to: .number(1)))
        outboxes.append(.call(1), to: dial)
        #expect(outboxes.isWaitingForCall(to: .number(1)))
        #expect(!outboxes.isWaitingForCall(to: .number(2)))
        outboxes.removeFirst(dial)
        #expect(outboxes.isWaitingForCall(to: .number(1)))
        outboxes.removeFirst(dial)
        #expect(!outboxes.isWaitingForCall(to: .number(1)))
        outboxes.append(.call(2), to: back)
        #expect(!outboxes.isWaitingForCall(to: .number(1)))
    }

    @Test("a call that has ended needs no peer")
    func endedCalls() {
        var outboxes = Outboxes(byteLimit: 10_000)
        for id in 1...3 { outboxes.append(.call(UInt128(id)), to: dial) }
        #expect(outboxes.isWaitingForCall(to: .number(1)) { $0 == 3 })
        #expect(!outboxes.isWaitingForCall(to: .number(1)) { $0 == 4 })
    }

    @Test("calls that have ended go when they are many, wherever they stand, and nothing else does")
    func prune() {
        var outboxes = Outboxes(byteLimit: 100_000)
        outboxes.append(.call(1000), to: dial)
        outboxes.append(answer(5), to: dial)
        for id in 1...61 { outboxes.append(.call(UInt128(id)), to: dial) }
        outboxes.prune(dial) { $0 >= 1000 }
        #expect(outboxes.count(dial) == 63)
        outboxes.append(.call(1001), to: dial)
        outboxes.append(.call(1), to: back)
        outboxes.prune(dial) { $0 >= 1000 }
        #expect(drain(&outboxes, dial) == ["call 1000", "answer 5", "call 1001"])
        #expect(outboxes.count(back) == 1)
    }

    @Test("however many calls end while their peer is away, the queue stays short")
    func growth() {
        var outboxes = Outboxes(byteLimit: 100_000)
        for id in UInt128(0)..<10_000 {
            outboxes.prune(dial) { $0 + 10 >= id || $0 == 0 }
            outboxes.append(.call(id), to: dial)
        }
        #expect(outboxes.count(dial) < 200)
    }

    @Test("the calls are taken out and the answers stay")
    func takeCalls() {
        var outboxes = Outboxes(byteLimit: 10_000)
        #expect(outboxes.takeCalls(dial) == [])
        for id in 1...2 { outboxes.append(.call(UInt128(id)), to: dial) }
        #expect(outboxes.takeCalls(dial) == [1, 2])
        #expect(outboxes.isEmpty(dial))
        outboxes.append(.call(3), to: dial)
        outboxes.append(answer(4), to: dial)
        outboxes.append(.call(5), to: dial)
        #expect(outboxes.takeCalls(dial) == [3, 5])
        #expect(drain(&outboxes, dial) == ["answer 4"])
    }

    @Test("who forgets a route learns how many answers go with it")
    func removeCounts() {
        var outboxes = Outboxes(byteLimit: 10_000)
        #expect(outboxes.remove(dial) == 0)
        outboxes.append(.call(3), to: dial)
        outboxes.append(answer(4), to: dial)
        outboxes.append(answer(5), to: dial)
        #expect(outboxes.remove(dial) == 2)
    }
}
