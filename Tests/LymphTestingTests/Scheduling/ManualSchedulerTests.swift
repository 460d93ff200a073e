import LymphTesting
import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Manual scheduler", .timeLimit(.minutes(1)))
struct ManualSchedulerTests {
    private let scheduler = ManualScheduler()
    private let network: InMemoryNetwork

    init() { network = InMemoryNetwork { [scheduler] in scheduler.makeLoop() } }

    /// Runs something as a task of the scheduler's.
    private func start<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) -> Task<R, any Error> {
        Task(executorPreference: scheduler.executor) { try await body() }
    }

    private func container(
        _ registry: StaticRegistry, _ place: PeerConfiguration.HandlerExecutor
    ) throws -> ServiceContainer {
        var configuration = PeerConfiguration(transport: .inMemory(network), handlerExecutor: place)
        configuration.port = 4100
        return try ServiceContainer(
            interfaces: [.init(Upper.self, as: "echo")], registry: registry, configuration: configuration,
            logger: .silent)
    }

    private func client(_ registry: StaticRegistry) -> Client {
        Client(registry: registry, configuration: .init(transport: .inMemory(network)), logger: .silent)
    }

    @Test(
        "nothing happens until the test lets it, and then everything without the passing of time",
        arguments: [true, false])
    func calls(isOnLoop: Bool) async throws {
        let registry = StaticRegistry()
        let container = try container(registry, isOnLoop ? .poller : .pool)
        let client = client(registry)
        let service = start { try await container.run() }
        let caller = start { try await client.run() }
        let begin = scheduler.now
        #expect(await registry.services().isEmpty)
        scheduler.run()
        #expect(await registry.services().contains("echo"))
        let call = start { try await client.proxy("echo").call("upper", text: "a") }
        scheduler.run()
        #expect(scheduler.now == begin)
        #expect(try await call.value == "A")
        container.beginGracefulShutdown()
        client.beginGracefulShutdown()
        scheduler.advance(by: .seconds(5))
        try await service.value
        try await caller.value
        #expect(scheduler.now == begin + .seconds(5))
    }

    @Test("a call to nobody ends when its time is over, not before")
    func timeout() async throws {
        let registry = StaticRegistry()
        let client = client(registry)
        let caller = start { try await client.run() }
        let proxy = client.proxy("tcp://127.0.0.1:9", interface: "echo", timeout: .seconds(30)).with(waitForReady: true)
        let ended = Lock<(any Error)?>(nil)
        let call = start {
            do { _ = try await proxy.call("upper", text: "a") } catch { ended.withLock { $0 = error } }
        }
        scheduler.advance(by: .seconds(30) - .nanoseconds(1))
        #expect(ended.withLock { $0 == nil })
        scheduler.advance(by: .nanoseconds(1))
        try await call.value
        #expect(ended.withLock { ($0 as? LymphError)?.code } == .notConnected)
        client.beginGracefulShutdown()
        scheduler.run()
        try await caller.value
    }

    @Test("sleeping tasks wake up in order of time, or when cancelled")
    func sleeping() async throws {
        let loop = scheduler.makeLoop()
        let woken = Lock<[String]>([])
        func sleeper(_ name: String, _ time: Duration) -> Task<Void, any Error> {
            start {
                let result = await Result { try await loop.sleep(for: time) }
                woken.withLock { $0.append(name + (((try? result.get()) == nil) ? " cancelled" : "")) }
            }
        }
        let tasks = [sleeper("c", .seconds(3)), sleeper("a", .seconds(1)), sleeper("b", .seconds(2))]
        scheduler.advance(by: .seconds(1))
        #expect(woken.withLock(\.self) == ["a"])
        tasks[2].cancel()
        scheduler.run()
        #expect(woken.withLock(\.self) == ["a", "b cancelled"])
        scheduler.advance(by: .seconds(10))
        #expect(woken.withLock(\.self) == ["a", "b cancelled", "c"])
        for task in tasks { try await task.value }
    }

    @Test("the same seed gives the same order, and each loop keeps its own order")
    func seeds() {
        func order(_ seed: UInt64) -> [String] {
            let scheduler = ManualScheduler(seed: seed)
            let seen = Lock<[String]>([])
            let loops = ["a", "b", "c"].map { ($0, scheduler.makeLoop()) }
            for number in 0..<5 {
                for (name, loop) in loops { loop.execute { seen.withLock { $0.append("\(name)\(number)") } } }
            }
            scheduler.run()
            return seen.withLock(\.self)
        }
        let first = order(1)
        #expect(first == order(1))
        #expect(Set((1...20).map { order($0).joined() }).count > 10)
        #expect(first.filter { $0.hasPrefix("b") } == ["b0", "b1", "b2", "b3", "b4"])
    }

    @Test("only code that runs on a loop may enter it")
    func entering() {
        let (mine, other) = (scheduler.makeLoop(), scheduler.makeLoop())
        #expect(!mine.enter())
        let seen = Lock<[Bool]>([])
        mine.execute { seen.withLock { $0 = [mine.enter(), other.enter()] } }
        scheduler.run()
        #expect(seen.withLock(\.self) == [true, false])
        #expect(!mine.enter())
    }
}
