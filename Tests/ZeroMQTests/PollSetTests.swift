import Glibc
import Testing

@testable import ZeroMQ

@Suite("Poll set")
struct PollSetTests {
    /// Pairs of sockets, one of which is watched, and the reported events.
    private final class Bench {
        let context: Context
        let wakeup = Wakeup()
        let pollSet: PollSet
        let watched: [Socket]
        let others: [Socket]
        var tokens: [PollSet.Token] = []
        var told: [Int] = []
        /// What to do when a socket is reported, besides noting it.
        var onReady: (Int, Readiness) -> Void = { _, _ in }

        init(_ count: Int) throws {
            context = try Context()
            pollSet = PollSet(wakeup: wakeup.descriptor)
            watched = try (0..<count).map { [context] _ in try Socket(.pair, in: context) }
            others = try (0..<count).map { [context] _ in try Socket(.pair, in: context) }
            for index in 0..<count {
                try watched[index].bind("inproc://\(index)")
                try others[index].connect("inproc://\(index)")
            }
        }

        func end() {
            onReady = { _, _ in }
            for socket in watched + others { socket.close() }
            context.terminate()
        }

        func add(_ index: Int, for interest: Readiness = .readable) -> PollSet.Token {
            pollSet.add(watched[index], for: interest) { [unowned self] readiness in
                told.append(index)
                onReady(index, readiness)
            }
        }

        func addAll() { tokens = watched.indices.map { add($0) } }

        /// Makes a watched socket readable.
        func send(to index: Int) throws {
            var message = Message()
            #expect(try others[index].send(&message, more: false) == .done)
        }

        func read(_ index: Int) {
            var message = Message()
            _ = try? watched[index].receive(into: &message)
        }

        /// One turn: the sockets that are reported.
        func turn() throws -> [Int] {
            told = []
            _ = try pollSet.wait(milliseconds: 0)
            pollSet.dispatch()
            return told
        }
    }

    @Test("only ready sockets are reported")
    func ready() throws {
        let bench = try Bench(3)
        defer { bench.end() }
        bench.addAll()
        #expect(try bench.turn() == [])
        try bench.send(to: 1)
        #expect(try bench.turn() == [1])
        // Until the message is read.
        #expect(try bench.turn() == [1])
        bench.read(1)
        #expect(try bench.turn() == [])
        for index in 0..<3 { try bench.send(to: index) }
        #expect(try bench.turn().sorted() == [0, 1, 2])
    }

    @Test("only requested events are reported")
    func interest() throws {
        let bench = try Bench(1)
        defer { bench.end() }
        var seen: [Readiness] = []
        bench.onReady = { seen.append($1) }
        let token = bench.add(0, for: .writable)
        try bench.send(to: 0)
        #expect(try bench.turn() == [0])
        bench.pollSet.update(token, for: [.readable, .writable])
        #expect(try bench.turn() == [0])
        bench.pollSet.update(token, for: .readable)
        #expect(try bench.turn() == [0])
        #expect(seen == [.writable, [.readable, .writable], .readable])
        bench.pollSet.update(token, for: [])
        #expect(try bench.turn() == [])
    }

    @Test("an ended registration is not reported, whichever it was", arguments: 0..<4)
    func remove(index: Int) throws {
        let bench = try Bench(4)
        defer { bench.end() }
        bench.addAll()
        for index in 0..<4 { try bench.send(to: index) }
        bench.pollSet.remove(bench.tokens[index])
        let others = (0..<4).filter { $0 != index }
        #expect(try bench.turn().sorted() == others)
        // Ending it twice, or changing it afterwards, does nothing.
        bench.pollSet.remove(bench.tokens[index])
        bench.pollSet.update(bench.tokens[index], for: .readable)
        #expect(try bench.turn().sorted() == others)
        // The others can still be changed, although their indexes moved.
        for other in others { bench.pollSet.update(bench.tokens[other], for: []) }
        #expect(try bench.turn() == [])
        bench.tokens[index] = bench.add(index)
        #expect(try bench.turn() == [index])
    }

    @Test("a handler may end any registration, including its own")
    func removeDuringDispatch() throws {
        for victim in 0..<3 {
            let bench = try Bench(3)
            defer { bench.end() }
            bench.addAll()
            for index in 0..<3 { try bench.send(to: index) }
            bench.onReady = { index, _ in
                if index == 0 { bench.pollSet.remove(bench.tokens[victim]) }
            }
            // Handlers are called in the order of their registration.
            let expected = victim == 0 ? [0, 1, 2] : [0, 1, 2].filter { $0 != victim }
            #expect(try bench.turn() == expected)
            #expect(try bench.turn().sorted() == [0, 1, 2].filter { $0 != victim })
        }
    }

    @Test("a handler may end all registrations")
    func removeAllDuringDispatch() throws {
        let bench = try Bench(3)
        defer { bench.end() }
        bench.addAll()
        for index in 0..<3 { try bench.send(to: index) }
        bench.onReady = { _, _ in for token in bench.tokens { bench.pollSet.remove(token) } }
        #expect(try bench.turn() == [0])
        #expect(try bench.turn() == [])
    }

    @Test("a registration that a handler adds is reported from the next turn on")
    func addDuringDispatch() throws {
        let bench = try Bench(3)
        defer { bench.end() }
        bench.tokens = [bench.add(0)]
        for index in 0..<3 { try bench.send(to: index) }
        bench.onReady = { index, _ in
            if index == 0 {
                bench.pollSet.remove(bench.tokens[0])
                bench.tokens += [bench.add(1), bench.add(2)]
            }
        }
        #expect(try bench.turn() == [0])
        #expect(try bench.turn() == [1, 2])
    }

    @Test("a handler may change the requested events")
    func updateDuringDispatch() throws {
        let bench = try Bench(2)
        defer { bench.end() }
        bench.addAll()
        for index in 0..<2 { try bench.send(to: index) }
        bench.onReady = { index, _ in bench.pollSet.update(bench.tokens[index], for: []) }
        #expect(try bench.turn() == [0, 1])
        #expect(try bench.turn() == [])
    }

    @Test("any sequence of changes keeps each registration with its socket")
    func random() throws {
        var random = SystemRandomNumberGenerator()
        let bench = try Bench(8)
        defer { bench.end() }
        var live: [Int: PollSet.Token] = [:]
        for index in 0..<8 { try bench.send(to: index) }
        for _ in 0..<500 {
            let index = Int.random(in: 0..<8, using: &random)
            if let token = live.removeValue(forKey: index) {
                bench.pollSet.remove(token)
            } else {
                live[index] = bench.add(index)
            }
            #expect(try bench.turn().sorted() == live.keys.sorted())
        }
    }

    @Test("a descriptor that isn't a socket's is reported while it can be written, until its watch ends")
    func watch() throws {
        let bench = try Bench(1)
        defer { bench.end() }
        bench.addAll()
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        defer { for end in ends { close(end) } }
        var count = 0
        let token = bench.pollSet.watch(ends[1]) { count += 1 }
        // It is no wake-up.
        #expect(try !bench.pollSet.wait(milliseconds: -1))
        bench.pollSet.dispatch()
        #expect(count == 1)
        try bench.send(to: 0)
        #expect(try bench.turn() == [0])
        #expect(count == 2)
        // A full pipe can't be written.
        var bytes = [UInt8](repeating: 0, count: 4096)
        while write(ends[1], bytes, bytes.count) > 0 {}
        #expect(try bench.turn() == [0])
        #expect(count == 2)
        while read(ends[0], &bytes, bytes.count) > 0 {}
        bench.onReady = { _, _ in bench.pollSet.remove(token) }
        #expect(try bench.turn() == [0])
        #expect(try bench.turn() == [0])
        #expect(count == 2)
    }

    @Test("a wake-up ends one wait")
    func wakeup() throws {
        let bench = try Bench(1)
        defer { bench.end() }
        bench.addAll()
        #expect(try !bench.pollSet.wait(milliseconds: 0))
        bench.wakeup.signal()
        bench.wakeup.signal()
        #expect(try bench.pollSet.wait(milliseconds: -1))
        #expect(try !bench.pollSet.wait(milliseconds: 0))
        // With a socket that is ready, too.
        try bench.send(to: 0)
        bench.wakeup.signal()
        #expect(try bench.pollSet.wait(milliseconds: -1))
        bench.pollSet.dispatch()
        #expect(bench.told == [0])
    }

    @Test("a socket that had nothing to receive and waits to send is still checked for sending")
    func writable() throws {
        let bench = try Bench(1)
        defer { bench.end() }
        _ = bench.add(0, for: [.readable, .writable])
        bench.onReady = { index, _ in bench.read(index) }
        // libzmq may notice that it is writable while it looks for a message; then its descriptor stays silent.
        for _ in 0..<3 { #expect(try bench.turn() == [0]) }
    }
}
