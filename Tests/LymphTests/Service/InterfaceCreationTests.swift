import Logging
import MessagePack
import Testing

@testable import Lymph

/// A dependency that several interfaces share.
private actor Database {
    private(set) var rows: [String] = []
    func insert(_ row: String) { rows.append(row) }
}

private actor Orders: Interface {
    let context: InterfaceContext
    private let database: Database

    init(context: InterfaceContext, database: Database) {
        self.context = context
        self.database = database
    }

    static var routes: Routes<Orders> {
        RPC("place", "item") { (orders, item: String) in
            await orders.database.insert("\(orders.name) \(item)")
        }
    }
}

/// Its methods depend on the instance.
private actor Relay: Interface {
    private let methods: [String]
    init(methods: [String]) { self.methods = methods }

    nonisolated var routes: Routes<Relay> {
        for method in methods {
            RPC(method) { _ in method }
        }
    }
}

private actor Routeless: Interface {
    init(any: Int) {}
}

/// Delegates to an initialiser that it does not have: once an endless recursion.
private actor Delegating: Interface {
    init() throws { throw CancellationError() }
    static let routes = Routes<Delegating> {}
}

@Suite("How interfaces are made")
struct InterfaceCreationTests {
    @Test("a closure gives an interface what it needs", arguments: Medium.allCases)
    func dependencies(_ medium: Medium) async throws {
        let database = Database()
        let interfaces: [InterfaceDefinition] = [
            .init(as: "orders") { context in Orders(context: context, database: database) },
            .init(as: "orders", version: "2.0.0", configuration: ["a": 1]) { context in
                guard context.configuration.keys == ["a"], context.version == "2.0.0" else { throw CancellationError() }
                return Orders(context: context, database: database)
            },
        ]
        #expect(interfaces.map(\.typeName) == ["Orders", "Orders"])
        try await withEcho(medium, interfaces: interfaces) { client, _ in
            let _: Void = try await client.proxy("orders", version: "2.0").place(item: "apple")
        }
        #expect(await database.rows == ["orders apple"])
    }

    @Test("a closure may wait, and what it throws ends the container")
    func throwing() async throws {
        struct NoDatabase: Error {}
        let container = try Fixture(.inMemory).container([
            .init { (_: InterfaceContext) async throws -> Orders in
                await Task.yield()
                throw NoDatabase()
            }
        ])
        await #expect(throws: NoDatabase.self) { try await container.run() }
        #expect(container.progress.failedInterface == "orders (Orders)")
    }

    @Test("the routes of an instance")
    func instanceRoutes() async throws {
        let definition = InterfaceDefinition(as: "relay") { _ in Relay(methods: ["a", "b"]) }
        let installed = try await definition.install(Fixture(.inMemory).client(), .quiet)
        #expect(installed.entry.handlers.keys.sorted() == ["a", "b"])
    }

    @Test("mistakes in the routes of an instance are reported")
    func instanceMistakes() async throws {
        let client = Fixture(.inMemory).client()
        let double = InterfaceDefinition(as: "relay") { _ in Relay(methods: ["a", "a"]) }
        try InterfaceDefinition.validate([double])
        let error = await #expect(throws: LymphError.self) { try await double.install(client, .quiet) }
        #expect(error?.message == #"interface relay (Relay): there are two methods "a""#)
        let without = InterfaceDefinition { _ in Routeless(any: 1) }
        let missing = await #expect(throws: LymphError.self) { try await without.install(client, .quiet) }
        #expect(
            missing?.message
                == "interface routeless (Routeless): it has no routes; declare them: static var routes: Routes<Routeless> { … }"
        )
    }

    @Test("an empty list of routes is fine")
    func empty() async throws {
        let installed = try await InterfaceDefinition { _ in Relay(methods: []) }
            .install(Fixture(.inMemory).client(), .quiet)
        #expect(installed.entry.handlers.isEmpty)
    }

    @Test("default initialisers don't call each other")
    func noRecursion() throws {
        let context = InterfaceContext(name: "d")
        #expect(throws: MissingInitializer.self) { try Delegating(context: context) }
        #expect(throws: CancellationError.self) { try Delegating.make(in: context) }
        #expect(throws: MissingInitializer.self) { try Orders() }
    }
}

@Suite("Interfaces without a container")
struct DetachedInterfaceTests {
    private actor Greeter: Interface {
        func greet(_ name: String) async throws -> String {
            logger.info("greeting")
            return try await proxy("words").greeting(language: "en") + " " + name
        }

        static var routes: Routes<Greeter> {
            RPC("greet", "name") { greeter, name in try await greeter.greet(name) }
        }
    }

    @Test("name, logger and configuration are at hand")
    func context() {
        let greeter = Greeter()
        #expect(greeter.name == "greeter")
        #expect(greeter.context.configuration.keys.isEmpty)
        #expect(greeter.logger[metadataKey: LogKey.interface] == "greeter")
        #expect(InterfaceContext.current.name == "interface")
    }

    @Test("calls fail at once, and say what to do")
    func disconnected() async {
        let error = await #expect(throws: LymphError.self) { try await Greeter().greet("Ada") }
        #expect(error?.code == .stopped)
        #expect(error?.message.hasPrefix("words.greeting: no container runs this interface") == true)
    }

    @Test("a context made by hand has a client that a function answers")
    func fake() async throws {
        struct Arguments: Decodable { let language: String }
        let client = Client.fake { call in
            guard call.address == "words" else { throw LymphError(.lookupFailure, call.subject) }
            let arguments: Arguments = try call.decodeArguments()
            return ["en": "Hello", "fr": "Salut"][arguments.language]
        }
        let context = InterfaceContext(name: "orders", version: "1.0.0", configuration: ["a": 1], client: client)
        let orders = Orders(context: context, database: Database())
        #expect(orders.name == "orders")
        #expect(try await orders.proxy("words").greeting(language: "fr") == "Salut")
        let none: String? = try await orders.proxy("words").greeting(language: "it")
        #expect(none == nil)
        await #expect(throws: LymphError(.lookupFailure, "a.b")) { try await orders.request("a", "a.b", [:] as Value) }
    }

    @Test("a fake client's errors reach the caller like a service's")
    func fakeErrors() async {
        struct OutOfStock: Error, Codable, Equatable { let sku: String }
        let client = Client.fake { call in
            if call.subject == "stock.reset" { throw Refusal(.unauthorized, "not you") }
            throw OutOfStock(sku: "a")
        }
        await #expect(throws: OutOfStock(sku: "a")) {
            try await client.proxy("stock", errors: [OutOfStock.self]).reserve()
        }
        // Whoever forgets to name the type learns it from a unit test.
        await #expect(throws: RemoteError(type: "OutOfStock", message: "OutOfStock(sku: \"a\")", data: ["sku": "a"])) {
            try await client.proxy("stock").reserve()
        }
        await expect(.nack, "stock.reset was refused: unauthorized: not you") {
            try await client.proxy("stock").reset()
        }
    }
}
