import Testing

@testable import Lymph

@Suite("Incoming requests in random sequences of events")
struct RequestsModelTests {
    @Test(
        "each request is handled or cancelled once, and a worker whose task was cancelled takes no other",
        arguments: [Workers<Work, Int>.Place.pollThread, .elsewhere], seeds(10))
    func model(place: Workers<Work, Int>.Place, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bench = RequestBench(place)
        var begun = 0
        // Requests that were cancelled before their turn, and while they were handled; workers that are retired, with how many
        // requests had been handled then.
        var withdrawn: Set<Int> = []
        var stopped: Set<Int> = []
        var retired: [Int: Int] = [:]
        for _ in 0..<5000 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4:
                begun += 1
                bench.begin(begun)
            case 4..<7: bench.turn()
            case 7..<10:
                if let index = bench.busy.indices.randomElement(using: &random) { bench.finish(at: index) }
            default:
                guard begun > 0 else { continue }
                let id = Int.random(in: max(1, begun - 20)...begun, using: &random)
                let isHandled = bench.handlers[id] != nil
                let isBusy = bench.isBusy(with: id)
                let worker = bench.cancel(id)
                let isNew = isBusy && !stopped.contains(id)
                guard worker == (isNew ? bench.handlers[id] : nil) else {
                    Issue.record("\(id) is handled by \(worker ?? 0)")
                    return
                }
                if isBusy { stopped.insert(id) } else if !isHandled { withdrawn.insert(id) }
                if let worker, retired.updateValue(bench.handledWork.count, forKey: worker) != nil {
                    Issue.record("\(worker) was retired before")
                }
            }
        }
        bench.run()
        let handled = bench.handled
        #expect(bench.requests.running == 0)
        #expect(handled.count + withdrawn.count == begun)
        #expect(Set(handled).count == handled.count)
        #expect(Set(handled).isDisjoint(with: withdrawn))
        #expect(bench.answered.count == handled.count - stopped.count)
        #expect(Set(bench.answered) == Set(handled).subtracting(stopped))
        #expect(Set(bench.ended).isSuperset(of: retired.keys))
        for (place, id) in handled.enumerated() {
            if let worker = bench.handlers[id], let limit = retired[worker], place >= limit {
                Issue.record("\(id) was handled by \(worker), which is retired")
                return
            }
        }
        #expect(!stopped.isEmpty && (place == .elsewhere || !withdrawn.isEmpty))
    }
}
