import Lymph
import LymphTesting
import MessagePack
import Testing

@Suite("Recorded calls", .timeLimit(.minutes(1)))
struct RecordedCallTests {
    @Test("calls are recorded with their callers, arguments, headers, times and outcomes")
    func recording() async throws {
        try await withTestService(ShopService.definition(), clock: .automatic) { shop, network in
            try await network.mock("stock.take", .acknowledges)
            try await network.mock("billing.charge", .returns(5).delayed(by: .milliseconds(500)), .refuses(.failed))
            #expect(try await shop.with(headers: ["tenant": "acme"]).buy(sku: "pear") == 5)
            let calls = network.calls
            #expect(calls.map(\.subject) == ["shop.buy", "stock.take", "billing.charge"])
            #expect(calls.map(\.caller) == ["test", "shop", "shop"])
            #expect(calls[0].headers == ["tenant": "acme"])
            #expect(calls[1].arguments["sku"] == "pear")
            #expect(calls[1].arguments.value == ["sku": "pear", "quantity": 1])
            #expect(calls[2].reply == 5)
            #expect(calls[2].time.offset == .zero)
            #expect(calls[2].endTime?.offset == .milliseconds(500))
            #expect("\(calls[1])" == #"shop called stock.take(sku: "pear", quantity: 1): acknowledged"#)
            #expect("\(calls[2])" == #"shop called billing.charge(sku: "pear"): 5"#)
            await #expect(throws: LymphError.self) { try await shop.buy(sku: "pear") }
            #expect((network.calls(of: "billing.charge")[1].error as? LymphError)?.code == .nack)
        }
    }

    @Test("expectations that hold")
    func expectations() async throws {
        try await withTestNetwork { network in
            try await network.mock("stock.take", .returns(true))
            try await network.mock("billing.charge", .returns(true))
            try network.expectCalls("stock.take", count: 0)
            for sku in ["a", "b"] { try await network.proxy("stock").take(sku: sku, quantity: 2) }
            try await network.proxy("billing").charge()
            try network.expectCalls("stock.take", count: 2)
            try network.expectCalls("stock.take")
            try network.expectCalls("stock.take", with: ["sku": "a"], ["quantity": 2, "sku": "b"])
            try network.expectCalls("billing.charge", with: [:])
            try network.expectCalls(inOrder: "stock.take", "stock.take", "billing.charge")
            try network.expectCalls(inOrder: "stock.take", "stock.take")
        }
    }

    @Test("expectations that fail say what was called instead")
    func failures() async throws {
        try await withTestNetwork { network in
            func failure(_ body: () throws -> Void) -> String? {
                do { try body() } catch { return "\(error)" }
                return nil
            }
            #expect(
                failure { try network.expectCalls("stock.take", count: 1) } == """
                    stock.take was called 0 times, not once
                        nothing was called
                    """)
            #expect(failure { try network.expectCalls("stock.take") }?.hasPrefix("stock.take was not called") == true)
            try await network.mock("stock.take", .returns(true))
            try await network.proxy("stock").take(sku: "a")
            #expect(
                failure { try network.expectCalls("stock.tak", count: 1) } == """
                    stock.tak was called 0 times, not once
                        did you mean stock.take?
                        0 s: test called stock.take(sku: "a"): true
                    """)
            #expect(
                failure { try network.expectCalls("stock.take", with: ["sku": "b"]) } == """
                    the call of stock.take did not have the arguments {"sku": "b"}
                        0 s: test called stock.take(sku: "a"): true
                    """)
            #expect(
                failure { try network.expectCalls(inOrder: "stock.take", "stock.take") } == """
                    the calls were not stock.take, stock.take
                        0 s: test called stock.take(sku: "a"): true
                    """)
        }
    }

    @Test("a call that is waited for is noticed when it begins, also one that has begun before")
    func waiting() async throws {
        try await withTestService(ShopService.definition()) { shop, network in
            try await network.mock("billing.charge", .returns(5))
            async let call = network.waitForCall("billing.charge", number: 2)
            try await shop.buyLater(sku: "a")
            #expect(try await network.waitForCall("billing.charge").arguments["sku"] == "a")
            try await shop.buyLater(sku: "b")
            #expect(try await call.arguments["sku"] == "b")
        }
    }

    @Test("waiting for a call ends with its task")
    func cancelledWaiting() async throws {
        try await withTestNetwork { network in
            let task = Task { try await network.waitForCall("billing.charge") }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
