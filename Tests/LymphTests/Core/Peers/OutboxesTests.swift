import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Outboxes")
struct OutboxesTests {
    private let start = Instant.now
    private let peer = Endpoint.number(1)
    private let dial = Route.dial(.number(1))
    private let back = Route.back(.number(1))
    private let other = Route.back(.number(2))

    /// An answer that counts as `byteCount` bytes, 256 at least.
    private func answer(_ id: Int, byteCount: Int = 1000) -> Lymph.Message {
        Lymph.Message(
            id: .text("\(id)"), kind: .reply, purpose: .answer(.number(1)),
            headers: Headers(count: 1, entries: [UInt8](repeating: 0, count: 10), trace: nil, features: []),
            payload: .bytes([UInt8](repeating: 0, count: byteCount - 256 - 10)))
    }

    private func describe(_ message: Lymph.Message?) -> String {
        guard let message else { return "nothing" }
        return message.kind == .request ? "call \(message.callID)" : "answer \(message.id)"
    }

    /// Takes everything out of a route's outbox.
    private func drain(_ outboxes: inout Outboxes, _ route: Route) -> [String] {
        var messages: [String] = []
        while let message = outboxes.first(route) {
            messages.append(describe(message))
            outboxes.removeFirst(route)
        }
        return messages
    }

    private func add(_ answer: Lymph.Message, to route: Route, _ outboxes: inout Outboxes) -> Bool {
        outboxes.append(answer: answer, to: route, now: start)
    }

    /// Adds answers for which there is room.
    private func fill(_ outboxes: inout Outboxes, _ route: Route, _ numbers: Range<Int>) {
        for number in numbers where !add(answer(number), to: route, &outboxes) { Issue.record("no room for \(number)") }
    }

    /// How many answers of 1000 bytes there is room for.
    private func room(_ outboxes: Outboxes) -> Int {
        var outboxes = outboxes
        var count = 0
        while add(answer(count), to: .dial(.number(99)), &outboxes) { count += 1 }
        return count
    }

    @Test("each route has its outbox, and each outbox its order")
    func order() {
        var outboxes = Outboxes(byteLimit: 1_000_000)
        #expect(outboxes.isEmpty(dial))
        #expect(describe(outboxes.first(dial)) == "nothing")
        for number in 0..<3 {
            _ = outboxes.append(request: .request(UInt128(number)), to: peer)
            fill(&outboxes, back, number..<number + 1)
            fill(&outboxes, dial, number + 10..<number + 11)
        }
        #expect(!outboxes.isEmpty(dial))
        #expect(!outboxes.isEmpty(back))
        #expect(outboxes.isEmpty(other))
        #expect(outboxes.count(dial) == 6)
        #expect(outboxes.answers == 6)
        #expect(drain(&outboxes, dial) == ["call 0", "answer 10", "call 1", "answer 11", "call 2", "answer 12"])
        #expect(drain(&outboxes, back) == ["answer 0", "answer 1", "answer 2"])
        #expect(outboxes.isEmpty(dial))
        outboxes.removeFirst(dial)
        #expect(outboxes.isEmpty(dial))
        #expect(outboxes.answers == 0)
    }

    @Test("answers have a total limit in bytes; calls have none")
    func limit() {
        var outboxes = Outboxes(byteLimit: 3000)
        for route in [dial, back, other] { fill(&outboxes, route, 0..<1) }
        #expect(add(answer(3, byteCount: 300), to: dial, &outboxes) == false)
        for id in 0..<1000 { _ = outboxes.append(request: .request(UInt128(id)), to: peer) }
        outboxes.removeFirst(back)
        #expect(add(answer(4, byteCount: 1001), to: back, &outboxes) == false)
        #expect(add(answer(5, byteCount: 1000), to: back, &outboxes) == true)
        #expect(drain(&outboxes, back) == ["answer 5"])
        #expect(drain(&outboxes, dial).count == 1001)
    }

    @Test("an answer that does not fit leaves no trace")
    func refused() {
        var outboxes = Outboxes(byteLimit: 999)
        #expect(add(answer(0), to: back, &outboxes) == false)
        #expect(outboxes.isEmpty(back))
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)
        #expect(outboxes.requests(to: peer) == 0)
    }

    @Test("every message that leaves makes room, however it leaves")
    func accounting() {
        var outboxes = Outboxes(byteLimit: 10_000)
        #expect(room(outboxes) == 10)
        fill(&outboxes, dial, 0..<3)
        fill(&outboxes, back, 0..<3)
        fill(&outboxes, other, 0..<2)
        let ticket = outboxes.append(request: .request(1), to: peer)
        #expect(room(outboxes) == 2)
        outboxes.removeFirst(dial)
        #expect(room(outboxes) == 3)
        outboxes.remove(ticket, from: dial)
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

    @Test("a stranger's long id counts, too")
    func longIDs() {
        let id = MessageID.text(String(repeating: "x", count: 744))
        let answer = Lymph.Message(
            id: .number(1), kind: .reply, purpose: .answer(id), headers: Headers(), payload: .bytes([]))
        var outboxes = Outboxes(byteLimit: 2999)
        #expect(add(answer, to: dial, &outboxes) == true)
        #expect(add(answer, to: dial, &outboxes) == true)
        #expect(add(answer, to: dial, &outboxes) == false)
        outboxes.removeFirst(dial)
        #expect(add(answer, to: dial, &outboxes) == true)
        _ = drain(&outboxes, dial)
        #expect(room(outboxes) == 2)
    }

    @Test("after any sequence of changes the accounting returns to zero")
    func randomAccounting() {
        var random = SplitMix64(seed: 9)
        var outboxes = Outboxes(byteLimit: 20_000)
        let routes = (0..<5).flatMap { [Route.dial(.number($0)), .back(.number($0))] }
        var tickets: [(Outbox.Ticket, Route)] = []
        for step in 0..<5000 {
            let route = routes[Int.random(in: 0..<routes.count, using: &random)]
            switch Int.random(in: 0..<24, using: &random) {
            case 0..<10:
                _ = add(answer(step, byteCount: Int.random(in: 266...5000, using: &random)), to: route, &outboxes)
            case 10..<13:
                let ticket = outboxes.append(request: .request(UInt128(step)), to: route.peer)
                tickets.append((ticket, .dial(route.peer)))
            case 13..<19: outboxes.removeFirst(route)
            case 19..<22:
                if let (ticket, route) = tickets.randomElement(using: &random) { outboxes.remove(ticket, from: route) }
            case 22: outboxes.removeRequests(route)
            default: outboxes.remove(route)
            }
        }
        for route in routes { _ = drain(&outboxes, route) }
        #expect(outboxes.answers == 0)
        for number in 0..<5 { #expect(outboxes.requests(to: .number(number)) == 0) }
        #expect(add(answer(0, byteCount: 20_000), to: dial, &outboxes) == true)
        #expect(add(answer(1, byteCount: 266), to: dial, &outboxes) == false)
    }

    @Test("a blocked return path is retried soon; a dialled connection reports when it is ready")
    func retries() {
        var outboxes = Outboxes(byteLimit: 10_000)
        fill(&outboxes, dial, 0..<1)
        outboxes.block(dial, now: start)
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)

        fill(&outboxes, back, 0..<1)
        #expect(outboxes.retryAt == start + .milliseconds(1))
        // The first blocked one sets the time, and more of them don't postpone it.
        #expect(outboxes.append(answer: answer(1), to: other, now: start + .microseconds(1)) == true)
        outboxes.block(back, now: start + .microseconds(2))
        #expect(outboxes.retryAt == start + .milliseconds(1))
        #expect(outboxes.takeRetries() == [back, other])
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)
        // They stay in their outboxes, and may be blocked again.
        #expect(!outboxes.isEmpty(back))
        outboxes.block(back, now: start + .seconds(1))
        #expect(outboxes.retryAt == start + .milliseconds(1001))
        #expect(outboxes.takeRetries() == [back])
    }

    @Test("a route that is removed is not tried again")
    func removal() {
        var outboxes = Outboxes(byteLimit: 10_000)
        fill(&outboxes, back, 0..<1)
        fill(&outboxes, other, 1..<2)
        outboxes.remove(back)
        #expect(outboxes.isEmpty(back))
        #expect(outboxes.takeRetries() == [other])
        outboxes.block(back, now: start)
        outboxes.removeAll()
        #expect(outboxes.retryAt == nil)
        #expect(outboxes.takeRetries().isEmpty)
    }

    @Test("a peer is needed while a call waits for the connection to it")
    func waitingCalls() {
        var outboxes = Outboxes(byteLimit: 10_000)
        fill(&outboxes, dial, 0..<1)
        #expect(outboxes.requests(to: peer) == 0)
        let ticket = outboxes.append(request: .request(1), to: peer)
        #expect(outboxes.requests(to: peer) == 1)
        #expect(outboxes.requests(to: .number(2)) == 0)
        outboxes.removeFirst(dial)
        #expect(outboxes.requests(to: peer) == 1)
        outboxes.remove(ticket, from: dial)
        #expect(outboxes.requests(to: peer) == 0)
        #expect(outboxes.isEmpty(dial))
    }

    @Test("calls that have ended are removed at once from any place, and nothing else is")
    func endedCalls() {
        var outboxes = Outboxes(byteLimit: 100_000)
        let tickets = (0..<10).map { number in
            fill(&outboxes, dial, number..<number + 1)
            return outboxes.append(request: .request(UInt128(number)), to: peer)
        }
        for number in [9, 0, 4, 4, 5, 3] { outboxes.remove(tickets[number], from: dial) }
        // Its place here says nothing about another route.
        outboxes.remove(tickets[1], from: .dial(.number(2)))
        #expect(outboxes.requests(to: peer) == 5)
        #expect(outboxes.count(dial) == 15)
        let calls = drain(&outboxes, dial).filter { $0.hasPrefix("call") }
        #expect(calls == [1, 2, 6, 7, 8].map { "call \($0)" })
    }

    @Test("the ticket of a message that has left is not reused, even if the outbox was empty in between")
    func oldTickets() {
        var outboxes = Outboxes(byteLimit: 10_000)
        var old: [Outbox.Ticket] = []
        func add(_ number: UInt128) { old.append(outboxes.append(request: .request(number), to: peer)) }
        for number in UInt128(0)..<3 { add(number) }
        outboxes.removeRequests(dial)
        add(3)
        outboxes.removeFirst(dial)
        add(4)
        outboxes.remove(dial)
        add(5)
        outboxes.remove(old[5], from: dial)
        #expect(outboxes.isEmpty(dial))
        for number in UInt128(6)..<9 { _ = outboxes.append(request: .request(number), to: peer) }
        for ticket in old { outboxes.remove(ticket, from: dial) }
        #expect(drain(&outboxes, dial) == ["call 6", "call 7", "call 8"])
    }

    @Test("the calls are taken out and the answers stay")
    func takeCalls() {
        var outboxes = Outboxes(byteLimit: 10_000)
        #expect(outboxes.removeRequests(dial).isEmpty)
        for id in 1...2 { _ = outboxes.append(request: .request(UInt128(id)), to: peer) }
        #expect(outboxes.removeRequests(dial).map(\.callID) == [1, 2])
        #expect(outboxes.isEmpty(dial))
        _ = outboxes.append(request: .request(3), to: peer)
        fill(&outboxes, dial, 4..<5)
        _ = outboxes.append(request: .request(5), to: peer)
        #expect(outboxes.removeRequests(dial).map(\.callID) == [3, 5])
        #expect(drain(&outboxes, dial) == ["answer 4"])
    }

    @Test("forgetting a route returns what is dropped with it")
    func removeCounts() {
        var outboxes = Outboxes(byteLimit: 10_000)
        #expect(outboxes.remove(dial).isEmpty)
        _ = outboxes.append(request: .request(3), to: peer)
        fill(&outboxes, dial, 4..<6)
        #expect(outboxes.remove(dial).map { describe($0) } == ["call 3", "answer 4", "answer 5"])
    }
}
