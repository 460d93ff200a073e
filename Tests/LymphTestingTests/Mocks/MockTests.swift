import Lymph
import LymphTesting
import MessagePack
import Testing

@Suite("Mocks", .timeLimit(.minutes(1)))
struct MockTests {
    @Test("a mocked method returns values, also ones that a function makes")
    func values() async throws {
        try await withTestNetwork { network in
            let billing = network.proxy("billing")
            try await network.mock("billing.charge", .returns(5))
            #expect(try await billing.charge(amount: 1) == 5)
            try await network.mock("billing.charge") { arguments in
                try arguments.get("amount") * 2 + (arguments.get("tip", as: Int?.self) ?? 0)
            }
            try await network.mock("billing.refund") { arguments in
                struct Refund: Codable { let id: String }
                return try arguments.decode(as: Refund.self).id + (arguments["id"]?.stringValue ?? "")
            }
            #expect(try await billing.charge(amount: 4) == 8)
            #expect(try await billing.charge(amount: 4, tip: 1) == 9)
            #expect(try await billing.refund(id: "x") == "xx")
            try await network.mock("billing.forget") { arguments in #expect(arguments["id"] == 1) }
            #expect(try await billing.forget(id: 1) == .nil)
        }
    }

    @Test("a mocked method fails in every way that a method can")
    func failures() async throws {
        struct Undeclared: Error {}
        try await withTestNetwork { network in
            let stock = network.proxy("stock", errors: [OutOfStock.self])
            func error() async -> (any Error)? {
                do { try await stock.take(sku: "a") } catch { return error }
                return nil
            }
            try await network.mock("stock.take", .fails(OutOfStock(sku: "a")))
            #expect(await error() as? OutOfStock == OutOfStock(sku: "a"))
            try await network.mock("stock.take") { _ in throw OutOfStock(sku: "b") }
            #expect(await error() as? OutOfStock == OutOfStock(sku: "b"))
            try await network.mock("stock.take", .fails(Undeclared()))
            #expect((await error() as? RemoteError)?.type == "Undeclared")
            try await network.mock("stock.take", .refuses(.unauthorized, "not you"))
            #expect((await error() as? LymphError)?.reason == .unauthorized)
            try await network.mock("stock.take") { _ in throw Refusal(.rejected, "not that") }
            #expect((await error() as? LymphError)?.message.contains("not that") == true)
            try await network.mock("stock.take", .refuses(.failed))
            #expect((await error() as? LymphError)?.execution == .unknown)
            try await network.mock("stock.take") { _ in throw LymphError(.nack, "full", reason: .overloaded) }
            #expect((await error() as? LymphError)?.reason == .overloaded)
            try await network.mock("stock.take", .acknowledges)
            #expect(try await network.client.request("stock", "stock.take").kind == .ack)
        }
    }

    @Test("answers come in turn, and the last one is repeated")
    func turns() async throws {
        try await withTestNetwork { network in
            try await network.mock("billing.charge", .refuses(.rejected), .returns(1), .calls { _ in 2 })
            let billing = network.proxy("billing")
            await #expect(throws: LymphError.self) { try await billing.charge() }
            for expected in [1, 2, 2] { #expect(try await billing.charge() == expected) }
        }
    }

    @Test("a request that one instance refuses is retried on another")
    func retries() async throws {
        try await withTestNetwork { network in
            try await network.mock("billing.charge", instances: 2, .refuses(.overloaded), .returns(5))
            #expect(try await network.proxy("billing").charge() == 5)
            try network.expectCalls("billing.charge", count: 1)
            #expect(network.requestCount(of: "billing.charge") == 2)
        }
    }

    @Test("a silent mock leads to a timeout, a late one to an answer")
    func time() async throws {
        try await withTestNetwork(clock: .automatic) { network in
            let billing = network.proxy("billing", timeout: .seconds(30))
            try await network.mock("billing.charge", .isSilent, .returns(5).delayed(by: .seconds(20)))
            let error = await #expect(throws: LymphError.self) { try await billing.charge() }
            #expect(error?.code == .timeout)
            #expect(network.clock.now.offset == .seconds(30))
            #expect(try await billing.charge() == 5)
            #expect(network.clock.now.offset == .seconds(50))
        }
    }

    @Test("versions are mocked on their own")
    func versions() async throws {
        try await withTestNetwork { network in
            try await network.mock("billing.charge", version: "1.0.0", .returns(1))
            try await network.mock("billing.charge", version: "2.0.0", .returns(2))
            #expect(try await network.proxy("billing@1").charge() == 1)
            #expect(try await network.proxy("billing@2").charge() == 2)
        }
    }

    @Test("a mock sees the headers of a request")
    func headers() async throws {
        try await withTestNetwork { network in
            try await network.mock("billing.charge") { _ in Request.current?.headers["tenant"] }
            #expect(try await network.proxy("billing").with(headers: ["tenant": "acme"]).charge() == "acme")
        }
    }

    @Test("a mock that can't read its arguments, or makes no sense, fails the test")
    func mistakes() async throws {
        let failure = await #expect(throws: TestFailure.self) {
            try await withTestNetwork(logger: .silent) { network in
                try await network.mock("billing.charge") { arguments in try arguments.get("amount", as: Int.self) }
                _ = try? await network.proxy("billing").charge(amount: "much")
                _ = try? await network.proxy("billing").charge()
            }
        }
        #expect(failure?.problems.count == 2)
        #expect(
            failure?.description.hasPrefix(
                #"the mock of billing.charge: the argument amount in (amount: "much") can't be read as Int"#) == true)
        #expect(failure?.problems.last == "the mock of billing.charge: there is no argument amount in ()")
        try await withTestNetwork { network in
            await #expect(throws: TestFailure.self) { try await network.mock("billing", .isSilent) }
            try await network.serve(.init(Upper.self))
            await #expect(throws: TestFailure.self) { try await network.mock("upper.upper", .isSilent) }
            try await network.mock("shop.buy", .isSilent)
            await #expect(throws: TestFailure.self) { try await network.serve(ShopService.definition()) }
        }
    }
}
