import MessagePack
import Testing

@testable import Lymph

private struct OutOfStock: Error, Codable, Equatable {
    let sku: String
    var left: Int? = nil
}

private struct Closed: Error, Codable, Equatable {}

private enum OrderError: Error, Codable, Equatable {
    case tooMany(limit: Int)
    case closed
}

/// Can't be encoded.
private struct Broken: Error, Encodable {
    func encode(to encoder: any Encoder) throws { throw Closed() }
}

private actor Stock: Interface {
    static let routes = Routes<Stock> {
        RPC("reserve", "sku", raises: OutOfStock.self, OrderError.self, Closed.self, Broken.self) {
            (_, sku: String) in
            switch sku {
            case "many": throw OrderError.tooMany(limit: 5)
            case "closed": throw Closed()
            case "broken": throw Broken()
            case "undeclared": throw CancellationError()
            default: throw OutOfStock(sku: sku)
            }
        }
        RPC("relay", "sku", raises: OutOfStock.self) { (stock, sku: String) in
            try await stock.proxy("stock").reserve(sku: sku)
        }
        RawRPC("raw", raises: OutOfStock.self) { _, channel, message in
            if try message.body["how"] == "throw" { throw OutOfStock(sku: "thrown") }
            await channel.error(OutOfStock(sku: "sent", left: 1))
        }
        RawRPC("named") { _, channel, _ in
            await channel.error(type: "OutOfStock", message: "by hand", data: ["sku": "made"])
        }
    }
}

@Suite("Errors that carry data")
struct ErrorDataTests {
    private static let errors: ErrorMap = [OutOfStock.self, OrderError.self, Closed.self, Mismatched.self]

    /// A type of the caller whose properties are not those of the service's.
    private struct Mismatched: Error, Codable { let needed: Int }

    private func withStock(_ medium: Medium, _ body: (Client) async throws -> Void) async throws {
        try await withEcho(medium, interfaces: [.init(Stock.self, as: "stock")]) { client, _ in
            try await body(client)
        }
    }

    @Test("a declared error reaches the caller whole", arguments: Medium.allCases)
    func whole(_ medium: Medium) async throws {
        try await withStock(medium) { client in
            let stock = client.proxy("stock", errors: Self.errors)
            await #expect(throws: OutOfStock(sku: "a")) { try await stock.reserve(sku: "a") }
            await #expect(throws: OrderError.tooMany(limit: 5)) { try await stock.reserve(sku: "many") }
            await #expect(throws: Closed()) { try await stock.reserve(sku: "closed") }
            await #expect(throws: OutOfStock(sku: "b")) { try await stock.relay(sku: "b") }
            await #expect(throws: OutOfStock(sku: "thrown")) { try await stock.raw(how: "throw") }
            await #expect(throws: OutOfStock(sku: "sent", left: 1)) { try await stock.raw(how: "send") }
            await #expect(throws: OutOfStock(sku: "made")) { try await stock.named() }
            let task: Task<Void, any Error> = stock.reserve.defer(sku: "c")
            await #expect(throws: OutOfStock(sku: "c")) { try await task.value }
        }
    }

    @Test("unknown types stay a RemoteError with their data")
    func unknown() async throws {
        try await withStock(.inMemory) { client in
            let error = await #expect(throws: RemoteError.self) { try await client.proxy("stock").reserve(sku: "a") }
            #expect(error?.type == "OutOfStock" && error?.data == ["sku": "a"])
            #expect(error?.message == #"OutOfStock(sku: "a", left: nil)"#)
        }
    }

    @Test("an error that can't be encoded is told by its type and text")
    func unencodable() async throws {
        try await withStock(.inMemory) { client in
            let error = await #expect(throws: RemoteError.self) {
                try await client.proxy("stock").reserve(sku: "broken")
            }
            #expect(error?.type == "Broken" && error?.data == nil)
        }
    }

    @Test(
        "data that doesn't fit leaves the error as it is",
        arguments: [nil, [:], ["sku": 7], ["left": 1], "text", [1, 2], .ext(type: 9, bytes: [1])] as [Value?])
    func misfit(data: Value?) {
        let error = RemoteError(type: "OutOfStock", message: "m", data: data)
        #expect(Self.errors.map(error) as? RemoteError == error)
    }

    @Test("a service without data, such as a Python one, raises a type without required properties")
    func withoutData() {
        #expect(Self.errors.map(RemoteError(type: "Closed", message: "m")) as? Closed == Closed())
        #expect(Self.errors.map(RemoteError(type: "Closed", message: "m", data: ["a": 1])) as? Closed == Closed())
    }

    @Test("the body of an ERROR has the key data beside Python's two")
    func body() throws {
        let error = RemoteError(type: "OutOfStock", message: "none left", data: ["sku": "a"])
        #expect(
            try Value(decoding: error.body) == ["type": "OutOfStock", "message": "none left", "data": ["sku": "a"]])
        #expect(RemoteError(body: try Value(decoding: error.body)) == error)
    }

    @Test("data that would end a Python peer is left out")
    func harmful() throws {
        let deep = (0..<100).reduce(Value.nil) { value, _ in [value] }
        for data: Value in [["__type__": 1], ["a": ["__type__": 1]], deep] {
            let error = RemoteError(type: "E", message: "m", data: data)
            #expect(try Value(decoding: error.body) == ["type": "E", "message": "m"])
        }
    }
}
