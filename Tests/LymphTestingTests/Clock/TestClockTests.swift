import Lymph
import LymphTesting
import Testing
import ZeroMQ

@Suite("Test clock", .timeLimit(.minutes(1)))
struct TestClockTests {
    @Test("a manual clock stands still until it is advanced, and then everything that is due happens")
    func manual() async throws {
        let clock = TestClock.manual
        try await withTestService(ShopService.definition(clock), clock: clock) { shop, network in
            let begin = clock.now
            let ended = Lock(false)
            async let nap: Void = {
                try await shop.with(timeout: .seconds(60)).nap(seconds: 10)
                ended.withLock { $0 = true }
            }()
            await clock.settle()
            #expect(!ended.withLock { $0 })
            await clock.advance(by: .seconds(10) - .nanoseconds(1))
            #expect(!ended.withLock { $0 })
            await clock.advance(by: .nanoseconds(1))
            #expect(ended.withLock { $0 })
            try await nap
            #expect(network.clock.now == begin.advanced(by: .seconds(10)))
        }
    }

    @Test("an automatic clock advances to what is next due, as long as somebody waits for it")
    func automatic() async throws {
        let clock = TestClock.automatic
        try await withTestService(ShopService.definition(clock), clock: clock) { shop in
            try await shop.nap(seconds: 2)
            #expect(clock.now.offset == .seconds(2))
            try await clock.sleep(for: .seconds(3600))
            #expect(clock.now.offset == .seconds(3602))
            let error = await #expect(throws: LymphError.self) { try await shop.nap(seconds: 4) }
            #expect(error?.code == .timeout)
            #expect(clock.now.offset == .seconds(3605))
            // The method is still napping.
            await clock.advance(by: .seconds(1))
        }
    }

    @Test("an automatic clock advances to a call that is waited for")
    func awaitedCall() async throws {
        let clock = TestClock.automatic
        try await withTestNetwork(clock: clock) { network in
            try await network.mock("stock.take", .returns(true))
            async let call: Void = {
                try await clock.sleep(for: .seconds(60))
                try await network.proxy("stock").take(sku: "a")
            }()
            #expect(try await network.waitForCall("stock.take").time.offset == .seconds(60))
            try await call
        }
    }

    @Test("a clock without a network can't be slept on")
    func unclaimed() async throws {
        let clock = TestClock.manual
        await #expect(throws: TestFailure.self) { try await clock.sleep(for: .seconds(1)) }
        try await withTestNetwork(clock: clock) { _ in }
        await #expect(throws: TestFailure.self) { try await clock.sleep(for: .seconds(1)) }
    }

    @Test("a sleep ends with its task")
    func cancellation() async throws {
        let clock = TestClock.manual
        try await withTestNetwork(clock: clock) { _ in
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await clock.sleep(for: .seconds(1)) }
                await clock.settle()
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            try await clock.sleep(until: clock.now)
        }
    }

    @Test("a timeout that nobody changes is three seconds of the test's time")
    func timeout() async throws {
        try await withTestNetwork { network in
            try await network.mock("billing.charge", .isSilent)
            let call = network.proxy("billing").charge.defer()
            await network.clock.advance(by: .seconds(3))
            let error = await #expect(throws: LymphError.self) { try await call.value }
            #expect(error?.code == .timeout)
        }
    }
}
