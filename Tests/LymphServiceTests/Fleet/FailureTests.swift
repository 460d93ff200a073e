import Logging
import Lymph
import Testing
import ZeroMQ

/// What callers see of instances that are killed, suspended and ended under load. The instances are processes.
@Suite("Instances that fail under load", .timeLimit(.minutes(3)), .serialized)
struct FailureTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func start(_ count: Int) async throws -> [(process: ServiceProcess, endpoint: Endpoint)] {
        var instances: [(process: ServiceProcess, endpoint: Endpoint)] = []
        for _ in 0..<count {
            let process = try ServiceProcess("Echo", [], in: folder)
            instances.append((process, try #require(Endpoint(try await process.endpoint()))))
        }
        return instances
    }

    /// A client whose registry does not report what happens to the instances.
    private func client(of instances: [(process: ServiceProcess, endpoint: Endpoint)]) throws -> Client {
        Client(
            registry: try StaticRegistry(["echo": instances.map(\.endpoint.description)]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// How many calls of `upper` an instance has answered.
    private func served(_ endpoint: Endpoint, by client: Client) async throws -> Int {
        try await client.proxy(endpoint.description, interface: "echo", timeout: .seconds(20)).served()
    }

    @Test("after kill -9 of one of three instances, only calls in flight may fail")
    func killed() async throws {
        let instances = try await start(3)
        try await withClient(client(of: instances)) { client in
            let load = Load(of: client.proxy("echo", timeout: .seconds(2)), workers: 32)
            try await load.run {
                try await load.reach(2000)
                instances[0].process.signal(9)
                let killed = ContinuousClock.now
                try await load.settle(after: killed + .seconds(1))
                try await load.reach(load.count + 2000)
                try await load.settle(after: .now)
                let failures = load.failures
                #expect(failures.count <= 32)
                #expect(failures.allSatisfy { $0 < killed + .seconds(1) })
            }
        }
    }

    @Test("after SIGSTOP one of three instances is avoided within three seconds, and used again after SIGCONT")
    func stopped() async throws {
        let instances = try await start(3)
        try await withClient(client(of: instances)) { client in
            let load = Load(of: client.proxy("echo", timeout: .seconds(1)), workers: 16)
            try await load.run {
                try await load.reach(2000)
                instances[0].process.signal(19)
                let stopped = ContinuousClock.now
                try await load.settle(after: stopped + .seconds(3))
                try await load.reach(load.count + 2000)
                try await load.settle(after: .now)
                #expect(load.failures.allSatisfy { $0 < stopped + .seconds(3) })
                instances[0].process.signal(18)
                let before = try await served(instances[0].endpoint, by: client)
                let end = ContinuousClock.now + .seconds(40)
                while try await served(instances[0].endpoint, by: client) < before + 100 {
                    try #require(ContinuousClock.now < end, "it is not used again")
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }
    }

    @Test("after SIGTERM of one of two instances no call fails")
    func terminated() async throws {
        let instances = try await start(2)
        try await withClient(folder.client()) { client in
            let load = Load(of: client.proxy("echo", timeout: .seconds(20)), workers: 32)
            try await load.run {
                try await load.reach(2000)
                #expect(try await served(instances[0].endpoint, by: client) > 0)
                instances[0].process.signal(15)
                let status = await instances[0].process.exitStatus()
                #expect(status == 0)
                try await load.reach(load.count + 2000)
                #expect(load.failures == [])
            }
        }
    }
}

/// Workers that call without a pause.
private final class Load: Sendable {
    private let echo: Proxy
    private let workers: Int
    private let results = Lock<(count: Int, failures: [Range<ContinuousClock.Instant>])>((0, []))
    /// When the workers began their current calls.
    private let beginnings: Lock<[ContinuousClock.Instant]>
    private let standstills = Lock<[Range<ContinuousClock.Instant>]>([])

    init(of echo: Proxy, workers: Int) {
        self.echo = echo
        self.workers = workers
        beginnings = Lock(Array(repeating: .now, count: workers))
    }

    /// How many calls have ended.
    var count: Int { results.withLock(\.count) }

    /// When the failed calls began, without those during which the whole machine was stalled.
    var failures: [ContinuousClock.Instant] {
        let standstills = standstills.withLock(\.self)
        return results.withLock(\.failures).filter { call in !standstills.contains { $0.overlaps(call) } }
            .map(\.lowerBound)
    }

    /// Makes calls for as long as `body` runs.
    func run(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.watchTheClock() }
            for worker in 0..<workers { group.addTask { await self.work(as: worker) } }
            try await body()
            group.cancelAll()
        }
    }

    /// Returns when a number of calls have ended.
    func reach(_ count: Int) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while self.count < count {
            try #require(ContinuousClock.now < end, "\(self.count) calls in a minute")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Returns when every call that began before a moment, perhaps one to come, has ended.
    func settle(after moment: ContinuousClock.Instant) async throws {
        let end = max(.now, moment) + .seconds(60)
        while beginnings.withLock({ $0.contains { $0 < moment } }) {
            try #require(ContinuousClock.now < end, "a call does not end")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func watchTheClock() async throws {
        let clock = ContinuousClock()
        while true {
            let start = clock.now
            try await Task.sleep(for: .milliseconds(20))
            let now = clock.now
            // A call that failed because of it may have begun a moment after its end.
            if now - start > .milliseconds(220) { standstills.withLock { $0.append(start..<now + .seconds(1)) } }
        }
    }

    private func work(as worker: Int) async {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            beginnings.withLock { $0[worker] = start }
            do {
                let text: String = try await echo.upper(text: "a")
                results.withLock { $0.count += text == "A" ? 1 : 0 }
            } catch is CancellationError {
                return
            } catch {
                results.withLock {
                    $0.count += 1
                    $0.failures.append(start..<max(.now, start + .nanoseconds(1)))
                }
            }
        }
    }
}
