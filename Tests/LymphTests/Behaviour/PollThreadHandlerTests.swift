import Glibc
import Synchronization
import Testing
import ZeroMQ

@testable import Lymph

/// Handlers on the poll thread: a worker stays on an interface's actor for as long as requests for it arrive.
@Suite("Handlers on the poll thread", .timeLimit(.minutes(1)))
struct PollThreadHandlerTests {
    private func with(
        _ interfaces: [InterfaceDefinition], _ body: (Client) async throws -> Void
    ) async throws {
        try await withEcho(.zeroMQ, interfaces: interfaces, server: { $0.handlerExecutor = .poller }) { client, _ in
            try await body(client)
        }
    }

    /// Makes calls at the same time, and returns their answers.
    private func answers<R: Decodable & Sendable>(
        _ count: Int, _ call: @escaping @Sendable (Int) async throws -> R
    ) async throws -> [R] {
        try await withThrowingTaskGroup(of: R.self) { group in
            for number in 0..<count { group.addTask { try await call(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("an actor with its own executor stays there")
    func ownExecutor() async throws {
        try await with([.init(Threaded.self, as: "threaded"), .init(Counting.self, as: "counting")]) { client in
            let (threaded, counting) = (
                client.proxy("threaded", timeout: .seconds(30)), client.proxy("counting", timeout: .seconds(30))
            )
            let places: [Bool] = try await answers(200) { number in
                // Interleaved, so that a worker moves from one actor to the other.
                if number.isMultiple(of: 3) { let _: Int = try await counting.count() }
                return try await threaded.place()
            }
            #expect(places == Array(repeating: true, count: 200))
        }
    }

    @Test("while an actor is busy elsewhere, its requests wait and those for others don't")
    func busyActor() async throws {
        try await with([.init(Busy.self, as: "busy"), .init(EchoService.self, as: "echo")]) { client in
            let (busy, echo) = (
                client.proxy("busy", timeout: .seconds(30)), client.proxy("echo", timeout: .seconds(30))
            )
            try await eventually { Busy.isBusy.load(ordering: .acquiring) }
            async let counts: [Int] = answers(20) { _ in try await busy.count() }
            for number in 0..<50 {
                let text: String = try await echo.upper(text: "a\(number)")
                #expect(text == "A\(number)")
            }
            try await eventually { await client.poller.waitingCalls == 20 }
            let text: String = try await echo.upper(text: "still")
            #expect(text == "STILL")
            Busy.isReleased.store(true, ordering: .releasing)
            #expect(try await counts.sorted() == Array(1...20))
        }
    }

    @Test("an actor that is called all the time by others still answers every request")
    func callsFromElsewhere() async throws {
        try await with([.init(Counting.self, as: "counting"), .init(EchoService.self, as: "echo")]) { client in
            let (counting, echo) = (
                client.proxy("counting", timeout: .seconds(30)), client.proxy("echo", timeout: .seconds(30))
            )
            let counts: [Int] = try await answers(500) { number in
                if number.isMultiple(of: 2) {
                    let text: String = try await echo.upper(text: "a\(number)")
                    #expect(text == "A\(number)")
                }
                return try await counting.count()
            }
            #expect(counts.sorted() == Array(1...500))
        }
    }

    @Test("while a handler waits, others of its interface continue")
    func waitingHandlers() async throws {
        try await with([.init(Meeting.self, as: "meeting")]) { client in
            let meeting = client.proxy("meeting", timeout: .seconds(30))
            for _ in 0..<3 {
                let numbers: [Int] = try await answers(20) { _ in try await meeting.meet(count: 20) }
                #expect(numbers.sorted() == Array(1...20))
            }
        }
    }
}

/// An interface whose methods run on its own thread.
private actor Threaded: Interface {
    private nonisolated let thread = EventThread(name: "threaded")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init() {}

    deinit { thread.stop() }

    static let routes = Routes<Threaded> {
        RPC("place") { threaded in
            threaded.assertIsolated()
            return threaded.thread.isCurrent
        }
    }
}

/// An interface that is called all the time by others.
private actor Counting: Interface {
    private var (count, others) = (0, 0)
    private var caller: Task<Void, Never>?

    private func touch() { others += 1 }

    func start() async {
        caller = Task.detached {
            while !Task.isCancelled {
                await self.touch()
                // The poll thread may have continued this task, as it does with tasks that waited for the actor.
                await Task.yield()
            }
        }
    }

    func stop() async {
        caller?.cancel()
        await caller?.value
    }

    static let routes = Routes<Counting> {
        RPC("count") { counting in
            counting.count += 1
            return counting.count
        }
    }
}

/// An interface whose actor is kept busy, on another thread, until it is released.
private actor Busy: Interface {
    static let isReleased = Atomic(false)
    static let isBusy = Atomic(false)
    private static let thread = PollThread(name: "busy")
    private var count = 0

    private func block() {
        Self.isBusy.store(true, ordering: .releasing)
        while !Self.isReleased.load(ordering: .acquiring) { usleep(1000) }
    }

    func start() {
        // Not on the pool, which may have only one thread.
        Task.detached(executorPreference: Self.thread.taskExecutor()) { await self.block() }
    }

    static let routes = Routes<Busy> {
        RPC("count") { busy in
            busy.count += 1
            return busy.count
        }
    }
}

/// An interface where callers wait for each other.
private actor Meeting: Interface {
    private var waiting: [CheckedContinuation<Void, Never>] = []

    static let routes = Routes<Meeting> {
        RPC("meet", "count") { (meeting, count: Int) in
            let number = meeting.waiting.count + 1
            if number < count {
                await withCheckedContinuation { meeting.waiting.append($0) }
            } else {
                for continuation in meeting.waiting { continuation.resume() }
                meeting.waiting = []
            }
            return number
        }
    }
}
