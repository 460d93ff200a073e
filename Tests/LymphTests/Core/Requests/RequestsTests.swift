import Testing

@testable import Lymph

@Suite("Incoming requests")
struct RequestsTests {
    typealias Place = Workers<Work, Int>.Place

    /// What happens to a request before any method sees it.
    private func describe(_ admission: Requests<Int>.Admission) -> String {
        switch admission {
        case .accepted(let handler, let version): "\(handler.name) \(version?.description ?? "without")"
        case .unknown(let refusal): "unknown: \(refusal.reason): \(refusal.text)"
        case .refused(let refusal, let version):
            "\(refusal.reason): \(refusal.text); \(version?.description ?? "without")"
        }
    }

    // MARK: Admission

    @Test("before a service starts, no interface is known")
    func closed() {
        let requests = Requests<Int>(.pollThread, limit: 10)
        #expect(
            describe(requests.admit("echo.upper", version: .none))
                == #"unknown: rejected: no interface "echo" here"#)
    }

    @Test("a request goes to its method in the requested version")
    func accepted() {
        let bench = RequestBench(.pollThread)
        #expect(describe(bench.requests.admit("echo.upper", version: .none)) == "upper 1.5.0")
        #expect(describe(bench.requests.admit("echo.upper", version: .exact("1.0.0"))) == "upper 1.0.0")
        #expect(
            describe(bench.requests.admit("echo.lower", version: .none))
                == #"unknown: rejected: echo has no method "lower""#)
        #expect(
            describe(bench.requests.admit("echo.upper", version: .exact("7.0.0")))
                == "unknown: rejected: echo has 1.5.0, 1.0.0 but not 7.0.0")
    }

    @Test("a stopping service refuses known methods, and names the version")
    func draining() {
        let bench = RequestBench(.pollThread)
        bench.begin(1)
        bench.requests.drain()
        #expect(
            describe(bench.requests.admit("echo.upper", version: .exact("1.0.0")))
                == "draining: the service is stopping; 1.0.0")
        #expect(describe(bench.requests.admit("echo.lower", version: .none)).hasPrefix("unknown: rejected"))
        // Running requests are finished.
        #expect(bench.requests.running == 1)
        bench.run()
        #expect(bench.answered == [1])
        #expect(bench.requests.running == 0)
    }

    @Test("requests beyond the limit are refused until one has ended", arguments: [Place.pollThread, .elsewhere])
    func overloaded(place: Place) {
        let bench = RequestBench(place, limit: 2)
        bench.begin(1)
        #expect(describe(bench.requests.admit("echo.upper", version: .none)) == "upper 1.5.0")
        bench.begin(2)
        #expect(
            describe(bench.requests.admit("echo.upper", version: .none))
                == "overloaded: 2 requests are running; 1.5.0")
        #expect(describe(bench.requests.admit("echo.lower", version: .none)).hasPrefix("unknown: rejected"))
        bench.turn()
        bench.finish(1)
        #expect(describe(bench.requests.admit("echo.upper", version: .none)) == "upper 1.5.0")
    }

    @Test("after the end everything is refused, the interfaces are gone, and waiting workers are ended")
    func stop() {
        let bench = RequestBench(.elsewhere)
        for id in 1...3 { bench.begin(id) }
        bench.run()
        let ended = bench.requests.stop().idle
        #expect(ended.sorted() == [1, 2, 3])
        // Nothing was executed, whatever the method: another instance may have it.
        for method in ["echo.upper", "echo.lower"] {
            #expect(
                describe(bench.requests.admit(method, version: .none)).hasPrefix("draining: the service is stopping"))
        }
        #expect(bench.requests.router.all.isEmpty)
    }

    @Test("a cancellation of all requests also applies to those that begin later")
    func cancelAll() {
        let bench = RequestBench(.elsewhere)
        #expect(bench.requests.areCancelled == false)
        bench.requests.cancelAll()
        #expect(bench.requests.areCancelled == true)
        // They are answered nevertheless.
        bench.begin(1)
        bench.run()
        #expect(bench.answered == [1])
    }

    // MARK: Running

    @Test("each request is handled once and answered once", arguments: [Place.pollThread, .elsewhere])
    func handled(place: Place) {
        let bench = RequestBench(place)
        for id in 1...5 { bench.begin(id) }
        #expect(bench.requests.running == 5)
        bench.run()
        #expect(bench.handled == [1, 2, 3, 4, 5])
        #expect(bench.answered == [1, 2, 3, 4, 5])
        #expect(bench.requests.running == 0)
        // The slots are reused, without traces of earlier requests.
        for id in 6...10 { bench.begin(id) }
        bench.run()
        #expect(bench.answered == Array(1...10))
    }

    // MARK: Cancellation

    @Test("a cancelled request that waits is neither handled nor answered, and no task is cancelled")
    func cancelWaiting() {
        let bench = RequestBench(.pollThread)
        for id in 1...3 { bench.begin(id) }
        #expect(bench.cancel(2) == nil)
        #expect(bench.requests.running == 3)
        bench.run()
        #expect(bench.handled == [1, 3])
        #expect(bench.answered == [1, 3])
        #expect(bench.requests.running == 0)
    }

    @Test("cancelling a running request returns its worker's number, and discards its answer")
    func cancelRunning() {
        let bench = RequestBench(.pollThread)
        bench.begin(1)
        bench.turn()
        #expect(bench.handled == [1])
        #expect(bench.cancel(1) == 1)
        #expect(bench.requests.running == 1)
        bench.finish(1)
        #expect(bench.answered == [])
        #expect(bench.requests.running == 0)
        // That worker does nothing more.
        #expect(bench.ended == [1])
        bench.begin(2)
        bench.run()
        #expect(bench.handlers[2] == 2)
        #expect(bench.answered == [2])
    }

    @Test("cancellation works outside the poll thread, too, and other workers continue", arguments: [1, 2, 3])
    func cancelElsewhere(cancelled: Int) {
        let bench = RequestBench(.elsewhere)
        for id in 1...3 { bench.begin(id) }
        #expect(bench.cancel(cancelled) == cancelled)
        bench.run()
        #expect(bench.answered == [1, 2, 3].filter { $0 != cancelled })
        #expect(bench.ended == [cancelled])
        for id in 4...6 { bench.begin(id) }
        bench.run()
        #expect(bench.answered.count == 5)
        // Two waiting ones and a new one.
        #expect(Set((4...6).compactMap { bench.handlers[$0] }) == Set([1, 2, 3, 4]).subtracting([cancelled]))
    }

    @Test("requests behind a cancelled one get another worker")
    func replaced() {
        let bench = RequestBench(.pollThread)
        bench.begin(1)
        bench.turn()
        for id in 2...3 { bench.begin(id) }
        bench.turn()
        // The first two are handled, the third worker is on its way to the third request.
        #expect(bench.handlers == [1: 1, 2: 2])
        #expect(bench.cancel(1) == 1)
        #expect(bench.cancel(2) == 2)
        bench.finish(1)
        bench.finish(2)
        #expect(bench.ended == [1, 2])
        #expect(bench.handlers[3] == nil)
        bench.run()
        #expect(bench.handlers[3] == 3)
        #expect(bench.answered == [3])
    }

    @Test("cancelling an unknown or ended request does nothing")
    func cancelNothing() {
        let bench = RequestBench(.pollThread)
        #expect(bench.cancel(1) == nil)
        bench.begin(1)
        #expect(bench.cancel(2) == nil)
        bench.run()
        #expect(bench.cancel(1) == nil)
        // The slot belongs to another request now.
        bench.begin(2)
        bench.turn()
        #expect(bench.cancel(1) == nil)
        bench.finish(2)
        #expect(bench.answered == [1, 2])
        #expect(bench.ended == [])
    }

    @Test("cancelling twice does nothing")
    func twice() {
        let bench = RequestBench(.pollThread)
        bench.begin(1)
        bench.turn()
        #expect(bench.cancel(1) == 1)
        #expect(bench.cancel(1) == nil)
        bench.finish(1)
        #expect(bench.cancel(1) == nil)
        #expect(bench.answered == [] && bench.ended == [1])
        // Nor for one that was cancelled before its turn.
        bench.begin(2)
        #expect(bench.cancel(2) == nil)
        bench.run()
        #expect(bench.cancel(2) == nil)
        #expect(bench.handled == [1])
        #expect(bench.ended == [1])
    }

    @Test("the same id on another route is another request")
    func ways() {
        let bench = RequestBench(.pollThread)
        bench.begin(1, over: .back(.number(1)))
        bench.begin(1, over: .back(.number(2)))
        bench.begin(1, over: .dial(.number(1)))
        #expect(bench.cancel(1, over: .dial(.number(2))) == nil)
        #expect(bench.cancel(1, over: .back(.number(2))) == nil)
        bench.run()
        #expect(bench.routes == [.back(.number(1)), .dial(.number(1))])
    }

    @Test("all requests of a caller are cancelled, whatever their routes, running or waiting, and no others")
    func caller() {
        let (gone, other) = (Endpoint.number(1), Endpoint.number(2))
        let bench = RequestBench(.pollThread)
        bench.begin(1, over: .back(gone))
        bench.begin(2, over: .dial(gone))
        bench.begin(3, over: .back(other))
        bench.turn()
        #expect(bench.handled == [1])
        #expect(bench.hasRequests(of: gone))
        #expect(bench.cancelAll(of: gone) == (2, [1]))
        // They are still there, but that is no news.
        #expect(bench.requests.running == 3)
        #expect(!bench.hasRequests(of: gone))
        #expect(bench.cancelAll(of: gone) == (0, []))
        #expect(bench.hasRequests(of: other))
        bench.run()
        #expect(bench.handled == [1, 3])
        #expect(bench.answered == [3])
        #expect(bench.ended == [1])
        #expect(!bench.hasRequests(of: other))
        #expect(bench.cancelAll(of: other) == (0, []))
    }

    @Test("a caller's requests outside the poll thread have a worker each")
    func callerElsewhere() {
        let bench = RequestBench(.elsewhere)
        for id in 1...4 { bench.begin(id, over: .back(.number(id % 2))) }
        #expect(bench.cancel(3, over: .back(.number(1))) == 3)
        #expect(bench.cancelAll(of: .number(1)) == (1, [1]))
        #expect(bench.cancelAll(of: .number(0)) == (2, [2, 4]))
        bench.run()
        #expect(bench.answered == [])
        #expect(bench.ended.sorted() == [1, 2, 3, 4])
    }

    @Test("ids may be strings", arguments: ["one", ""])
    func textIDs(id: String) {
        let bench = RequestBench(.pollThread)
        bench.begin(.text(id))
        bench.begin(.text("other"))
        #expect(bench.cancel(.text("another")) == nil)
        bench.turn()
        bench.turn()
        #expect(bench.cancel(.text(id)) == 1)
        #expect(bench.cancel(.text(id)) == nil)
        bench.run()
        #expect(bench.routes.count == 1)
    }

    @Test("numbers that differ only in the part that is compared last are distinguished")
    func alike() {
        let bench = RequestBench(.pollThread)
        for number in [7, 8, 7 | 1 << 100] as [UInt128] { bench.begin(.number(number)) }
        #expect(bench.cancel(.number(7 | 1 << 101)) == nil)
        #expect(bench.cancel(.number(8)) == nil)
        bench.run()
        #expect(bench.answeredIDs == [.number(7), .number(7 | 1 << 100)])
    }
}
