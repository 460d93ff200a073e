import Testing

@testable import Lymph

@Suite("Workers")
struct WorkersTests {
    /// A step as text: `wake a`, `wake a 1`, `start #1`, `start #1 1`, nothing.
    private func text(_ step: Workers<Int, String>.Step) -> String {
        switch step {
        case .nothing: ""
        case .wake(let worker, let work): "wake \(worker)" + (work.map { " \($0)" } ?? "")
        case .start(let number, let work): "start #\(number)" + (work.map { " \($0)" } ?? "")
        }
    }

    // The macro accepts no mutating expression.
    private func check(_ condition: Bool, at place: SourceLocation = #_sourceLocation) {
        #expect(condition, sourceLocation: place)
    }

    private func expect(
        _ workers: inout Workers<Int, String>, adding requests: [Int], _ steps: [String],
        at place: SourceLocation = #_sourceLocation
    ) {
        var seen: [String] = []
        for request in requests { seen.append(text(workers.add(request).step)) }
        #expect(seen == steps, sourceLocation: place)
    }

    /// Expects that a worker finds a request, and what follows for others.
    private func expect(
        _ workers: inout Workers<Int, String>, take request: Int, by worker: Int, _ step: String,
        at place: SourceLocation = #_sourceLocation
    ) {
        let taken = workers.take(by: worker)
        #expect(taken?.0 == request, sourceLocation: place)
        #expect(taken.map { text($0.1) } == step, sourceLocation: place)
    }

    @Test("outside the poll thread each request has its own worker, preferably one that waits")
    func elsewhere() {
        var workers = Workers<Int, String>(.elsewhere)
        expect(&workers, adding: [1, 2], ["start #1 1", "start #2 2"])
        check(workers.park(1, "a"))
        check(workers.park(2, "b"))
        // The one that worked last, because its memory is in the cache.
        var given: [Int?] = []
        var steps: [String] = []
        for request in 3...5 {
            let (step, worker) = workers.add(request)
            steps.append(text(step))
            given.append(worker)
        }
        #expect(steps == ["wake b 3", "wake a 4", "start #3 5"])
        #expect(given == [2, 1, 3])
    }

    @Test("on the poll thread one worker takes all requests, and the one it wakes finds none")
    func inOneGo() {
        var workers = Workers<Int, String>(.pollThread)
        expect(&workers, adding: [1, 2, 3], ["start #1", "", ""])
        workers.begun()
        expect(&workers, take: 1, by: 1, "start #2")
        expect(&workers, take: 2, by: 1, "")
        expect(&workers, take: 3, by: 1, "")
        check(workers.take(by: 1)?.0 == nil)
        check(workers.park(1, "a"))
        // The second has its turn now.
        workers.begun()
        check(workers.take(by: 2)?.0 == nil)
        check(workers.park(2, "b"))
        expect(&workers, adding: [4], ["wake b"])
    }

    @Test("on the poll thread no worker gets a request before its turn")
    func given() {
        var workers = Workers<Int, String>(.pollThread)
        #expect(workers.add(1).worker == nil)
        check(workers.park(1, "a"))
        #expect(workers.add(2).worker == nil)
    }

    @Test("on the poll thread the next worker continues while one waits")
    func oneWaits() {
        var workers = Workers<Int, String>(.pollThread)
        for request in 1...3 { _ = workers.add(request) }
        workers.begun()
        expect(&workers, take: 1, by: 1, "start #2")
        // The first waits for something; the second begins, and wakes a third for the rest.
        workers.begun()
        expect(&workers, take: 2, by: 2, "start #3")
        workers.begun()
        expect(&workers, take: 3, by: 3, "")
        // No worker has been woken, so a request wakes one.
        expect(&workers, adding: [4], ["start #4"])
    }

    @Test("a request that arrives while a worker is being woken wakes no other")
    func onItsWay() {
        var workers = Workers<Int, String>(.pollThread)
        expect(&workers, adding: [1], ["start #1"])
        expect(&workers, adding: [2], [""])
        workers.begun()
        expect(&workers, take: 1, by: 1, "start #2")
        expect(&workers, adding: [3], [""])
    }

    @Test("a limited number of workers wait", arguments: [Workers<Int, String>.Place.pollThread, .elsewhere])
    func limit(place: Workers<Int, String>.Place) {
        var workers = Workers<Int, String>(place)
        let most = Workers<Int, String>.mostIdle
        for number in 0..<most where !workers.park(number, "\(number)") { Issue.record("\(number) may not wait") }
        check(!workers.park(most, "one more"))
        check(workers.takeIdle().count == most)
        check(workers.takeIdle().isEmpty)
        check(workers.park(most + 1, "again"))
    }

    @Test("a retired worker takes nothing and does not wait, and others are not affected")
    func retired() {
        var workers = Workers<Int, String>(.pollThread)
        _ = workers.add(1)
        workers.begun()
        expect(&workers, take: 1, by: 1, "")
        workers.retire(1)
        expect(&workers, adding: [2], ["start #2"])
        check(workers.take(by: 1)?.0 == nil)
        check(!workers.park(1, "a"))
        workers.begun()
        expect(&workers, take: 2, by: 2, "")
        check(workers.park(2, "b"))
        workers.end(1)
        expect(&workers, adding: [3], ["wake b"])
    }

    @Test("when a worker is retired, another is woken for the waiting requests")
    func replaced() {
        var workers = Workers<Int, String>(.pollThread)
        for request in 1...2 { _ = workers.add(request) }
        workers.begun()
        expect(&workers, take: 1, by: 1, "start #2")
        workers.retire(1)
        workers.begun()
        expect(&workers, take: 2, by: 2, "")
        // The next request wakes a third.
        expect(&workers, adding: [3, 4], ["start #3", ""])
        workers.retire(2)
        workers.begun()
        expect(&workers, take: 3, by: 3, "start #4")
        workers.begun()
        expect(&workers, take: 4, by: 4, "")
    }

    @Test("nothing is remembered about a worker that has ended")
    func ended() {
        var workers = Workers<Int, String>(.elsewhere)
        expect(&workers, adding: [1], ["start #1 1"])
        workers.retire(1)
        check(!workers.park(1, "a"))
        workers.end(1)
        workers.end(1)
        check(workers.park(1, "a"))
        // New ones still get new numbers.
        expect(&workers, adding: [2, 3], ["wake a 2", "start #2 3"])
    }

    @Test("in any sequence of events every request is handled once, and never by a retired worker")
    func model() {
        var random = SplitMix64(seed: 3)
        var workers = Workers<Int, Int>(.pollThread)
        // Workers that were woken and have not begun; workers that handle something.
        var called: [Int] = []
        var busy: [(worker: Int, request: Int)] = []
        var retired: Set<Int> = []
        var lastRequest = 0
        var handled: [Int] = []
        func follow(_ step: Workers<Int, Int>.Step) {
            switch step {
            case .nothing: break
            case .wake(let worker, let work), .start(let worker, let work):
                #expect(work == nil)
                called.append(worker)
            }
            #expect(called.count <= 1)
        }
        func take(_ worker: Int) {
            if let (request, step) = workers.take(by: worker) {
                if retired.contains(worker) { Issue.record("\(worker) is retired") }
                follow(step)
                busy.append((worker, request))
            } else if retired.contains(worker) {
                check(!workers.park(worker, worker))
                workers.end(worker)
            } else {
                check(workers.park(worker, worker))
            }
        }
        for turn in 0..<10_000 {
            switch Int.random(in: 0..<(turn < 8_000 ? 7 : 4), using: &random) {
            case 0..<2:
                guard let worker = called.popLast() else { continue }
                workers.begun()
                take(worker)
            case 2..<4:
                guard let index = busy.indices.randomElement(using: &random) else { continue }
                let (worker, request) = busy.remove(at: index)
                handled.append(request)
                take(worker)
            case 4:
                guard let worker = busy.randomElement(using: &random)?.worker, retired.insert(worker).inserted else {
                    continue
                }
                workers.retire(worker)
            default:
                lastRequest += 1
                follow(workers.add(lastRequest).step)
            }
            // As long as something waits.
            if lastRequest > handled.count + busy.count { #expect(called.count == 1) }
        }
        #expect(handled.count == lastRequest)
        #expect(Set(handled).count == lastRequest)
        #expect(busy.isEmpty)
        #expect(called.isEmpty)
        #expect(!retired.isEmpty)
    }
}
