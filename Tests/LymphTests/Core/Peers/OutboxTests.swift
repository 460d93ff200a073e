import MessagePack
import Testing

@testable import Lymph

@Suite("Outbox of a route")
struct OutboxTests {
    private func answer(_ id: Int) -> Message {
        Message(
            id: .number(UInt128(id)), kind: .reply, purpose: .answer(.number(1)), headers: Headers(), payload: .nil)
    }

    private func number(_ message: Message?) -> Int? { message.map { Int($0.callID) } }

    private func drain(_ outbox: inout Outbox) -> [Int] {
        var numbers: [Int] = []
        while let message = outbox.removeFirst() { numbers.append(Int(message.callID)) }
        return numbers
    }

    @Test("an empty queue has nothing")
    func empty() {
        var outbox = Outbox()
        #expect(outbox.isEmpty)
        #expect(outbox.first == nil)
        #expect(outbox.removeFirst() == nil)
        #expect(outbox.removeRequests().isEmpty)
        #expect(outbox.removeAll().isEmpty)
    }

    @Test("messages leave in order")
    func order() {
        var outbox = Outbox()
        for number in 0..<5 { _ = outbox.append(number % 2 == 0 ? .request(UInt128(number)) : answer(number)) }
        #expect(outbox.count == 5)
        #expect(outbox.requests == 3)
        #expect(number(outbox.first) == 0)
        #expect(drain(&outbox) == [0, 1, 2, 3, 4])
        #expect(outbox.isEmpty && outbox.requests == 0)
    }

    @Test("a message can be withdrawn once from any place, without affecting others", arguments: 0..<10)
    func withdraw(place: Int) {
        var outbox = Outbox()
        let tickets = (0..<10).map { outbox.append(.request(UInt128($0))) }
        #expect(number(outbox.remove(tickets[place])) == place)
        #expect(outbox.count == 9 && outbox.requests == 9)
        #expect(outbox.remove(tickets[place]) == nil)
        #expect(outbox.count == 9 && outbox.requests == 9)
        let rest = (0..<10).filter { $0 != place }
        #expect(number(outbox.first) == rest[0])
        #expect(drain(&outbox) == rest)
        for ticket in tickets { #expect(outbox.remove(ticket) == nil) }
    }

    @Test("after the first message is withdrawn, the next is the first")
    func gaps() {
        var outbox = Outbox()
        let tickets = (0..<6).map { outbox.append(.request(UInt128($0))) }
        for place in [1, 2, 4] { _ = outbox.remove(tickets[place]) }
        #expect(number(outbox.removeFirst()) == 0)
        #expect(number(outbox.first) == 3)
        #expect(outbox.count == 2)
        _ = outbox.remove(tickets[3])
        #expect(number(outbox.first) == 5)
        _ = outbox.remove(tickets[5])
        #expect(outbox.isEmpty)
        #expect(outbox.first == nil)
        #expect(number(outbox.remove(outbox.append(.request(6)))) == 6)
    }

    @Test("requests are taken out in order, answers stay, and tickets of both stay valid")
    func removeRequests() {
        var outbox = Outbox()
        let tickets = (0..<8).map { outbox.append($0 % 2 == 0 ? .request(UInt128($0)) : answer($0)) }
        _ = outbox.remove(tickets[2])
        _ = outbox.remove(tickets[3])
        #expect(outbox.removeRequests().map(\.callID) == [0, 4, 6])
        #expect(outbox.requests == 0)
        #expect(outbox.count == 3)
        #expect(outbox.remove(tickets[4]) == nil)
        #expect(number(outbox.remove(tickets[5])) == 5)
        #expect(outbox.removeRequests().isEmpty)
        #expect(drain(&outbox) == [1, 7])
    }

    @Test("all messages are taken out in order")
    func removeAll() {
        var outbox = Outbox()
        let tickets = (0..<4).map { outbox.append(.request(UInt128($0))) }
        _ = outbox.remove(tickets[1])
        #expect(outbox.removeAll().map(\.callID) == [0, 2, 3])
        #expect(outbox.isEmpty && outbox.requests == 0)
        _ = outbox.append(.request(4))
        for ticket in tickets { #expect(outbox.remove(ticket) == nil) }
    }

    /// The memory of one outbox can't be measured, but that of many can.
    @Test("100 000 messages that come and go behind one that stays use little memory")
    func memory() {
        let message = Message.request(1)
        var outbox = Outbox()
        _ = outbox.append(message)
        for _ in 0..<100_000 { _ = outbox.remove(outbox.append(message)) }
        #expect(outbox.count == 1)
        let growths = (0..<3).map { _ in
            let before = Memory.resident()
            let copies = (0..<200).map { _ in
                var copy = outbox
                _ = copy.append(message)
                return copy
            }
            #expect(copies.allSatisfy { $0.count == 2 })
            return Memory.resident() - before
        }
        // A trace of each message would take 320 MB. Other tests may need memory at the same time, but not every time.
        #expect((growths.min() ?? .max) < 150_000_000)
    }

    @Test("after any sequence of changes it holds what came and did not leave, in order")
    func model() {
        var random = SplitMix64(seed: 21)
        var outbox = Outbox()
        var model: [(number: Int, isRequest: Bool)] = []
        var tickets: [Outbox.Ticket] = []
        for turn in 0..<20_000 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<50:
                let isRequest = Bool.random(using: &random)
                let number = tickets.count
                tickets.append(outbox.append(isRequest ? .request(UInt128(number)) : answer(number)))
                model.append((number, isRequest))
            case 50..<85:
                // Preferably one of the last, because the others left long ago.
                guard let number = tickets.indices.suffix(60).randomElement(using: &random) else { continue }
                let place = model.firstIndex { $0.number == number }
                if self.number(outbox.remove(tickets[number])) != place.map({ model[$0].number }) {
                    Issue.record("turn \(turn): \(number)")
                }
                if let place { model.remove(at: place) }
            case 85..<98:
                let first = model.isEmpty ? nil : model.removeFirst().number
                if number(outbox.removeFirst()) != first { Issue.record("turn \(turn): the first") }
            case 98:
                let taken = outbox.removeRequests().map { Int($0.callID) }
                if taken != model.filter(\.isRequest).map(\.number) { Issue.record("turn \(turn): the requests") }
                model.removeAll(where: \.isRequest)
            default:
                if outbox.removeAll().map({ Int($0.callID) }) != model.map(\.number) {
                    Issue.record("turn \(turn): all")
                }
                model = []
            }
            if outbox.count != model.count || outbox.requests != model.count(where: \.isRequest)
                || number(outbox.first) != model.first?.number
            {
                Issue.record("turn \(turn): \(outbox.count) instead of \(model.count)")
                return
            }
        }
    }
}
