import CAllocations
import Synchronization
import Testing
import ZeroMQ

@testable import Lymph

/// What a call costs in allocations and thread changes, which can be counted exactly, unlike time.
@Suite("What a call costs", .serialized, .timeLimit(.minutes(2)))
struct CostTests {
    private static let calls = 500

    // The tests are built without optimisation, which allocates more (even for reading a noncopyable value): the
    // figures of a release build are in the article "Performance". These limits are tight enough to catch one more per
    // call.
    @Test("a call allocates no more than this, on both sides", .enabled(if: counted_allocations() >= 0))
    func allocations() async throws {
        let perCall = try await withEcho(.zeroMQ, server: { $0.handlerExecutor = .poller }) { client, container in
            let (caller, service) = (client.poller.loop, container.client.poller.loop)
            let echo = client.proxy("echo")
            return try await withTaskExecutorPreference(client.executor) {
                try await Self.call(echo, times: 100)
                let callerOnly = try await Self.allocations(on: caller) { try await Self.call(echo, times: Self.calls) }
                let serviceOnly = try await Self.allocations(on: service) {
                    try await Self.call(echo, times: Self.calls)
                }
                return [callerOnly, serviceOnly].map { Double($0) / Double(Self.calls) }
            }
        }
        #expect(perCall[0] <= 25.5, "the caller's side")
        #expect(perCall[1] <= 32.5, "the service's side")
    }

    @Test(
        "the body of a request with two arguments allocates no more than this", .enabled(if: counted_allocations() >= 0)
    )
    func bodies() throws {
        let arguments: KeyValuePairs<String, any Encodable & Sendable> = ["number": 17, "text": "some longer text"]
        count_allocations_of_this_thread(true)
        defer { count_allocations_of_this_thread(false) }
        let before = counted_allocations()
        for _ in 0..<100 { _ = try CallArguments(arguments, method: "add", prefix: "demo.") }
        #expect(counted_allocations() - before <= 2500)
    }

    @Test("a call changes threads at most twice: to the poll thread, and back to its caller")
    func hopsOfTheCaller() async throws {
        try await withEcho(.zeroMQ) { client, _ in
            let echo = client.proxy("echo")
            let executor = CountingExecutor()
            try await withTaskExecutorPreference(executor) {
                try await Self.call(echo, times: 10)
                let before = executor.jobs
                try await Self.call(echo, times: Self.calls)
                // None if the answer arrives before the caller has begun to wait.
                let jobs = executor.jobs - before
                #expect(jobs > 0 && jobs <= Self.calls)
            }
        }
    }

    private static func call(_ echo: Proxy, times: Int) async throws {
        for _ in 0..<times { let _: String = try await echo.upper(text: "foo") }
    }

    private static func allocations(on loop: any EventLoop, _ body: () async throws -> Void) async throws -> Int {
        loop.execute { count_allocations_of_this_thread(true) }
        let before = counted_allocations()
        try await body()
        let count = counted_allocations() - before
        loop.execute { count_allocations_of_this_thread(false) }
        return count
    }
}

/// Runs jobs on system threads, and counts them.
private final class CountingExecutor: TaskExecutor {
    private let count = Atomic<Int>(0)

    var jobs: Int { count.load(ordering: .relaxed) }

    func enqueue(_ job: consuming ExecutorJob) {
        count.add(1, ordering: .relaxed)
        let job = UnownedJob(job)
        globalConcurrentExecutor.enqueue(job)
    }
}
