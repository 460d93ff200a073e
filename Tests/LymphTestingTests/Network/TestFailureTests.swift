import Lymph
import MessagePack
import Testing
import ZeroMQ

@testable import LymphTesting

/// What a test is told that leaves something behind, calls what isn't there, or never ends.
@Suite("Failing tests", .timeLimit(.minutes(1)))
struct TestFailureTests {
    /// Runs a test that should fail.
    private func problems(
        clock: TestClock = .manual, isStrict: Bool = true, patience: Duration = .seconds(30),
        _ body: (TestNetwork) async throws -> Void
    ) async -> [String] {
        let network = TestNetwork(configuration: .init(), clock: clock, isStrict: isStrict, logger: .silent)
        do { try await run(body, in: network, patience: patience) } catch let failure as TestFailure {
            return (failure.cause.map { ["\(type(of: $0))"] } ?? []) + failure.problems
        } catch {
            return ["\(error)"]
        }
        return []
    }

    @Test("a call of what is neither served nor mocked fails the test, even if the caller forgives it")
    func strangers() async throws {
        let problems = await problems { network in
            try await network.serve(ShopService.definition())
            try await network.mock("billing.charge", .returns(5))
            try await network.proxy("shop").forgive(sku: "a")
            try await network.proxy("shop").forgive(sku: "b")
            _ = try? await network.proxy("stok").take()
            _ = try? await network.proxy("billing@3").charge()
        }
        #expect(
            problems == [
                "shop called billing.chrge, which nobody serves or mocks; did you mean billing.charge?",
                "test called stok.take, which nobody serves or mocks",
                "test called billing.charge of billing@3.0.0, which nobody serves or mocks",
            ])
    }

    @Test("a network that isn't strict lets everybody call what isn't there")
    func lenient() async throws {
        let problems = await problems(isStrict: false) { network in
            _ = try? await network.proxy("stok").take()
        }
        #expect(problems.isEmpty)
    }

    @Test("what a method rejects, and a service that has stopped, are there")
    func rejections() async throws {
        let problems = await problems { network in
            let service = try await network.serve(.init(Upper.self))
            _ = try? await network.proxy("upper").upper(txt: "a")
            try await service.stop()
            _ = try? await network.proxy("upper").upper(text: "a")
            try await network.mock("billing.charge", .refuses(.rejected))
            _ = try? await network.proxy("billing").charge()
        }
        #expect(problems.isEmpty)
    }

    @Test("the test's own error comes first")
    func ownError() async throws {
        let problems = await problems { network in
            try await network.serve(ShopService.definition())
            try await network.mock("stock.take", .returns(true))
            try await network.proxy("shop").buy(sku: "a")
        }
        #expect(
            problems == ["LymphError", "shop called billing.charge, which nobody serves or mocks"])
    }

    @Test("a call without an answer is named")
    func openCall() async throws {
        let problems = await problems { network in
            try await network.serve(ShopService.definition())
            try await network.mock("billing.charge", .isSilent)
            try await network.proxy("shop").buyLater(sku: "a")
            await network.clock.advance(by: .milliseconds(500))
        }
        #expect(
            problems == [#"when the test ended, shop was still waiting for billing.charge(sku: "a"), for 0.5 s"#])
    }

    @Test("a method that has not returned is named")
    func runningMethod() async throws {
        let release = AsyncStream<Never>.makeStream()
        actor Sleeper: Interface {
            let stream: AsyncStream<Never>
            init(_ stream: AsyncStream<Never>) { self.stream = stream }
            static let routes = Routes<Sleeper> {
                RPC("nap", "seconds") { (sleeper, _: Int) in
                    // Not cancelled with its request.
                    await Task.detached { [stream = sleeper.stream] in for await _ in stream {} }.value
                }
            }
        }
        let clock = TestClock.manual
        let problems = await problems(clock: clock, patience: .milliseconds(100)) { network in
            try await network.serve(.init(as: "sleeper") { _ in Sleeper(release.stream) })
            async let nap: Void = network.proxy("sleeper", timeout: .seconds(1)).nap(seconds: 4)
            await clock.advance(by: .seconds(2))
            _ = try? await nap
        }
        #expect(problems.first == "when the test ended, sleeper.nap(seconds: 4) was still running, for 2 s")
        #expect(problems.count == 2 && problems.last?.hasPrefix("sleeper could not be stopped") == true)
        release.continuation.finish()
    }

    @Test("a service that can't be stopped is named")
    func stuckService() async throws {
        let release = AsyncStream<Never>.makeStream()
        actor Stuck: Interface {
            let stream: AsyncStream<Never>
            init(_ stream: AsyncStream<Never>) { self.stream = stream }
            func stop() async {
                // Not cancelled with the container.
                await Task.detached { [stream] in for await _ in stream {} }.value
            }
            static let routes = Routes<Stuck> { RPC("nothing") { _ in } }
        }
        let problems = await problems(patience: .milliseconds(100)) { network in
            try await network.serve(.init(as: "stuck") { _ in Stuck(release.stream) })
        }
        #expect(problems == ["stuck could not be stopped: stop() of the interface stuck (Stuck) has not ended"])
        release.continuation.finish()
    }

    @Test("a service that failed while it ran is named")
    func failedService() async throws {
        actor Broken: Interface {
            struct NoDisk: Error {}
            func start() async throws { throw NoDisk() }
            static let routes = Routes<Broken> { RPC("nothing") { _ in } }
        }
        #expect(await problems { network in try await network.serve(.init(Broken.self)) } == ["NoDisk()"])
    }

    @Test("a test that waits for time that doesn't pass is ended")
    func stall() async throws {
        let problems = await problems(patience: .milliseconds(100)) { network in
            try await network.mock("billing.charge", .isSilent)
            try await network.proxy("billing").charge(sku: "a")
        }
        #expect(problems.count == 1)
        let lines = problems.first?.split(separator: "\n") ?? []
        #expect(
            lines.first?.hasPrefix(
                "nothing has happened for 0.1 s, and the test has not ended; the clock stands at 0 s, and the next thing is"
            )
                == true)
        #expect(lines.first?.hasSuffix("advance the clock, or use TestClock.automatic") == true)
        #expect(lines.last == #"    test called billing.charge(sku: "a"), no answer yet"#)
    }

    @Test("a test that waits for a call that never comes is ended, also if time passes by itself")
    func stallOfAutomaticTime() async throws {
        let clock = TestClock.automatic
        let problems = await problems(clock: clock, patience: .milliseconds(100)) { network in
            async let _ = { while true { try await clock.sleep(for: .seconds(3600)) } }()
            try await network.waitForCall("billing.charge")
        }
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix("the test waits for a call of billing.charge") == true)
    }
}
