import Testing

@testable import Lymph

@Suite("Which task handles which request")
struct WorkersTests {
    /// A step as text: `wake a`, `wake a 1`, `start`, `start 1`, nothing.
    private func text(_ step: Workers<Int, String>.Step) -> String {
        switch step {
        case .nothing: ""
        case .wake(let worker, let work): "wake \(worker)" + (work.map { " \($0)" } ?? "")
        case .start(let work): "start" + (work.map { " \($0)" } ?? "")
        }
    }

    // The macro takes no expression that changes something.
    private func check(_ condition: Bool, at place: SourceLocation = #_sourceLocation) {
        #expect(condition, sourceLocation: place)
    }

    private func expect(
        _ workers: inout Workers<Int, String>, adding requests: [Int], _ steps: [String],
        at place: SourceLocation = #_sourceLocation
    ) {
        var seen: [String] = []
        for request in requests { seen.append(text(workers.add(request))) }
        #expect(seen == steps, sourceLocation: place)
    }

    /// Expects that a worker finds something, and what follows for others.
    private func expect(
        _ workers: inout Workers<Int, String>, takingCalls step: String, at place: SourceLocation = #_sourceLocation
    ) {
        let taken = workers.take()
        #expect(taken.map { text($0.1) } == step, sourceLocation: place)
    }

    @Test("elsewhere each request has a worker of its own, one that waits before a new one")
    func elsewhere() {
        var workers = Workers<Int, String>(.elsewhere)
        expect(&workers, adding: [1, 2], ["start 1", "start 2"])
        #expect(workers.running == 2)
        check(workers.handled() == false)
        check(workers.park("a"))
        check(workers.handled() == true)
        check(workers.park("b"))
        // The last that had something to do is the one whose memory is at hand.
        expect(&workers, adding: [3, 4, 5], ["wake b 3", "wake a 4", "start 5"])
        #expect(workers.running == 3)
    }

    @Test("on the thread one worker takes all that came, and the one it calls finds nothing")
    func inOneGo() {
        var workers = Workers<Int, String>(.pollThread)
        expect(&workers, adding: [1, 2, 3], ["start", "", ""])
        workers.begun()
        let first = workers.take()
        #expect(first?.0 == 1)
        #expect(first.map { text($0.1) } == "start")
        check(workers.handled() == false)
        let second = workers.take()
        #expect(second?.0 == 2)
        #expect(second.map { text($0.1) } == "")
        check(workers.take()?.0 == 3)
        check(workers.take()?.0 == nil)
        _ = workers.handled()
        check(workers.handled() == true)
        check(workers.park("a"))
        // The second has its turn now.
        workers.begun()
        check(workers.take()?.0 == nil)
        check(workers.park("b"))
        expect(&workers, adding: [4], ["wake b"])
    }

    @Test("on the thread the next worker goes on where one has to wait")
    func oneWaits() {
        var workers = Workers<Int, String>(.pollThread)
        for request in 1...3 { _ = workers.add(request) }
        workers.begun()
        expect(&workers, takingCalls: "start")
        // The first waits for something; the second begins, and calls a third for the rest.
        workers.begun()
        let second = workers.take()
        #expect(second?.0 == 2)
        #expect(second.map { text($0.1) } == "start")
        workers.begun()
        let third = workers.take()
        #expect(third?.0 == 3)
        #expect(third.map { text($0.1) } == "")
        #expect(workers.running == 3)
        // Nobody is on the way, so a request calls somebody.
        expect(&workers, adding: [4], ["start"])
    }

    @Test("a request that comes while a worker is on its way calls nobody else")
    func onItsWay() {
        var workers = Workers<Int, String>(.pollThread)
        expect(&workers, adding: [1], ["start"])
        expect(&workers, adding: [2], [""])
        workers.begun()
        expect(&workers, takingCalls: "start")
        expect(&workers, adding: [3], [""])
    }

    @Test("only so many workers wait", arguments: [Workers<Int, String>.Place.pollThread, .elsewhere])
    func limit(place: Workers<Int, String>.Place) {
        var workers = Workers<Int, String>(place)
        let most = Workers<Int, String>.mostIdle
        for number in 0..<most where !workers.park("\(number)") { Issue.record("\(number) may not wait") }
        check(!workers.park("one more"))
        check(workers.takeIdle().count == most)
        check(workers.takeIdle().isEmpty)
        check(workers.park("again"))
    }

    @Test("every request is handled once, in any course of events")
    func model() {
        var random = SplitMix64(seed: 3)
        var workers = Workers<Int, Int>(.pollThread)
        // Workers that were called and have not begun; those that handle something.
        var called: [Int] = []
        var busy: [(worker: Int, request: Int)] = []
        var (lastWorker, lastRequest) = (0, 0)
        var handled: [Int] = []
        func follow(_ step: Workers<Int, Int>.Step) {
            switch step {
            case .nothing: break
            case .wake(let worker, let work):
                #expect(work == nil)
                called.append(worker)
            case .start(let work):
                #expect(work == nil)
                lastWorker += 1
                called.append(lastWorker)
            }
            #expect(called.count <= 1)
        }
        func take(_ worker: Int) {
            if let (request, step) = workers.take() {
                follow(step)
                busy.append((worker, request))
            } else {
                check(workers.park(worker))
            }
        }
        for turn in 0..<10_000 {
            switch Int.random(in: 0..<(turn < 8_000 ? 3 : 2), using: &random) {
            case 0:
                guard let worker = called.popLast() else { continue }
                workers.begun()
                take(worker)
            case 1:
                guard let index = busy.indices.randomElement(using: &random) else { continue }
                let (worker, request) = busy.remove(at: index)
                handled.append(request)
                _ = workers.handled()
                take(worker)
            default:
                lastRequest += 1
                follow(workers.add(lastRequest))
            }
        }
        #expect(workers.running == 0)
        #expect(handled.count == lastRequest)
        #expect(Set(handled).count == lastRequest)
        #expect(called.isEmpty)
    }
}
