// The code of README.md, so that it is compiled and run. `DocumentationTests` checks that every block is in here.
import Logging
import Lymph
import LymphService
import LymphTesting
import LymphZooKeeper
import ServiceLifecycle

struct DivisionByZero: Error {}

actor EchoService: Interface {
    private var served = 0

    func upper(_ text: String) -> String {
        served += 1
        return text.uppercased()
    }

    func join(_ first: String, _ second: String) -> String {
        served += 1
        return first + second
    }

    static var routes: Routes<EchoService> {
        RPC("upper", "text", help: "Returns `text` in upper case.") { echo, text in
            echo.upper(text)
        }
        RPC("join", "first", "second", help: "Returns both texts as one.") { echo, first, second in
            echo.join(first, second)
        }
        RPC("divide", "a", "b", raises: DivisionByZero.self, help: "Returns a / b.") { (_, a: Int, b: Int) in
            guard b != 0 else { throw DivisionByZero() }
            return a / b
        }
        RawRPC("do_ack", help: "Acknowledges.") { _, channel, message in
            await channel.ack()
        }
    }
}

actor EchoService2: Interface {
    static var routes: Routes<EchoService2> {}
}

struct OrdersSettings: ConfigurationSection {
    var maxLines = 5  // max_lines in the file
    var timeout = Duration.seconds(2)  // 500ms, 2s, 5m, or a number of seconds
    var cache = ByteCount.mebibytes(64)  // 64MiB, 1GB, or a number of bytes
    @Required var region: String  // no default: a file without it is a mistake
    var token: Secret<String>?  // never shown
}

actor OrdersService: Interface {
    let context: InterfaceContext
    let settings: OrdersSettings

    init(context: InterfaceContext) throws {
        self.context = context
        settings = try context.configuration.decode()
    }

    static var routes: Routes<OrdersService> {}
}

let refusing = Routes<EchoService> {
    RPC("reset") { echo in
        guard let request = Request.current, request.headers["role"] == "operator" else {
            throw Refusal(.unauthorized, "only operators may do this")
        }
        try request.setReplyHeader("reset-by", .string("\(request.peer)"))
    }
}

struct Echo: ServiceCommand {
    static let interfaces: [any Interface.Type] = [EchoService.self]
}

extension Echo {
    static let registries: [RegistryClass] = [.zooKeeper]
}

func runClient() async throws {
    try await withClient { client in
        let echo = client.proxy("echo", timeout: .seconds(2))
        let text: String = try await echo.call("upper", text: "foo")  // typed by what receives it
        let same: String = try await echo.upper(text: "foo")  // the same call
        let any = try await echo.call("upper", text: "foo")  // a dynamic Value
        let later = echo.defer("upper", text: "foo")  // a task, at once
        print(text, same, any, try await later.value)
    }
}

struct OutOfStock: Error, Codable {
    let sku: String
}

struct Database: Service {
    let path: String
    func run() async throws { try await gracefulShutdown() }
}

actor InventoryService: Interface {
    let context: InterfaceContext
    private let database: Database
    private var stock = ["apple": 3]

    init(context: InterfaceContext, database: Database) {
        self.context = context
        self.database = database
    }

    static var routes: Routes<InventoryService> {
        RPC("reserve", "sku", raises: OutOfStock.self) { (inventory, sku: String) in
            guard inventory.stock[sku, default: 0] > 0 else { throw OutOfStock(sku: sku) }
            inventory.stock[sku, default: 0] -= 1
        }
    }
}

struct Restocking: Service {
    let client: Client

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await client.proxy("supplier").order(item: "apple")
                try await Task.sleep(for: .seconds(60))
            }
        }
    }
}

struct Shop: ServiceCommand {
    static let interfaces: [any Interface.Type] = [InventoryService.self]

    static func prepare(_ setup: inout ServiceSetup) async throws {
        let database = Database(path: try setup.configuration.get("database.path"))
        setup.run(database)
        setup.run(Restocking(client: setup.client))
        setup.make(InventoryService.self) { context in InventoryService(context: context, database: database) }
    }
}

func reserve(_ client: Client) async throws {
    let inventory = client.proxy("inventory", errors: [OutOfStock.self])
    do {
        try await inventory.reserve(sku: "apple")
    } catch let error as OutOfStock {
        print("no \(error.sku) left")
    }
}

func versions(_ database: Database) async throws {
    let container = try ServiceContainer(interfaces: [
        .init(EchoService.self, as: "echo", version: "1.5.0"),
        .init(EchoService2.self, as: "echo", version: "2.0.0"),
        .init(as: "inventory") { context in InventoryService(context: context, database: database) },
    ])
    try await container.run()
}

func group(_ database: Database, _ logger: Logger) async throws {
    let client = Client()
    let container = try ServiceContainer(
        interfaces: [
            .init(EchoService.self, as: "echo"),
            .init(as: "inventory") { context in InventoryService(context: context, database: database) },
        ],
        client: client)
    let group = ServiceGroup(services: [client, database, Restocking(client: client), container], logger: logger)
    try await group.run()
}

func callWithHeaders(_ client: Client, _ echo: Proxy, _ role: String) async throws {
    try await echo.with(headers: ["role": "operator"]).reset()
    let answer = try await client.request("echo", "echo.reset", headers: ["role": .string(role)])
    print(answer.headers["reset-by"]?.stringValue ?? "")
}

func retries(_ echo: Proxy) async throws {
    let text: String = try await echo.with(waitForReady: true, idempotent: true).upper(text: "foo")
    _ = text
}

func waiting(_ echo: Proxy) async throws {
    let text: String = try await echo.with(waitForReady: true).upper(text: "foo")
    _ = text
}

func patience(_ reports: Proxy) async throws {
    let report: String = try await reports.with(timeout: .seconds(30)).monthly(month: 11)
    _ = report
}

func failing(_ orders: Proxy) async throws {
    do {
        try await orders.place(item: "apple")
    } catch let error as LymphError where error.execution == .none {
        print("nothing was ordered; it is safe to try again: \(error)")
    }
}

func options(_ reports: Proxy) async throws {
    let report = try await withCallOptions(timeout: .seconds(30)) {
        try await reports.call("monthly", month: 11)
    }
    _ = report
}

func testedKitchen() async throws {
    try await withTestService(Kitchen.self) { kitchen, network in
        try await network.mock("inventory.reserve", .returns(true))
        let plate: String = try await kitchen.order(dish: "apple")
        assert(plate == "a plate of apple")
        try network.expectCalls("inventory.reserve", with: ["sku": "apple"])
    }
}

actor Kitchen: Interface {
    let context: InterfaceContext
    init(context: InterfaceContext) { self.context = context }

    func order(_ dish: String) async throws -> String {
        try await proxy("inventory").reserve(sku: dish)
        return "a plate of \(dish)"
    }

    static var routes: Routes<Kitchen> {
        RPC("order", "dish") { kitchen, dish in try await kitchen.order(dish) }
    }
}

func kitchen() async throws {
    let client = Client.fake { call in
        guard call.subject == "inventory.reserve" else { throw LymphError(.lookupFailure, call.subject) }
        return true
    }
    let kitchen = Kitchen(context: InterfaceContext(name: "kitchen", client: client))
    let plate = try await kitchen.order("apple")
    assert(plate == "a plate of apple")
}

struct AccessLog: ServiceInterceptor {
    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        guard request.message.headers["tenant"] != nil || request.isBuiltin else {
            return .nack(Refusal(.unauthorized, "the header tenant is missing"))
        }
        let answer = await next()
        print(request.peer, request.subject, answer)
        return answer
    }
}

struct Tenant: ClientInterceptor {
    let name: String

    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message {
        var call = call
        call.options.headers["tenant"] = .string(name)
        return try await next(call)
    }
}

func intercepted() -> PeerConfiguration {
    var configuration = PeerConfiguration()
    configuration.serviceInterceptors = [AccessLog()]
    configuration.clientInterceptors = [Tenant(name: "acme")]
    return configuration
}

struct Intercepted: ServiceCommand {
    static let interfaces: [any Interface.Type] = [EchoService.self]
    static let interceptors = [
        InterceptorClass("access_log", service: { _ in AccessLog() }),
        InterceptorClass("tenant", client: { settings in Tenant(name: try settings.get("name")) }),
    ]
}

actor Renderer: Interface {
    enum Quality { case draft, full }

    init() {}

    func render(_ page: Int, _ quality: Quality) async throws -> [UInt8] { [] }

    static var routes: Routes<Renderer> {
        RPC("render", "page") { (renderer, page: Int) in
            // Nobody has a use for a picture that comes too late.
            let isInHurry = Deadline.current.map { $0.remaining < .seconds(1) } ?? false
            return try await renderer.render(page, isInHurry ? .draft : .full)
        }
    }
}

func book(_ ledger: Proxy, _ amount: Int) async throws {
    try await withCallOptions(inheritsDeadline: false) {
        try await ledger.call("book", amount: amount)
    }
}

func look(_ client: Client) async throws -> Int {
    let inventory = client.proxy("inventory").with(hedge: .afterPercentile(95))
    let stock: Int = try await inventory.stock(sku: "apple")
    return stock
}

actor Stock: Interface {
    func count(_ sku: String) async throws -> Int { sku.count }

    static let routes = Routes<Stock> {
        RPC("stock", "sku", idempotent: true) { (inventory, sku: String) in try await inventory.count(sku) }
    }
}

struct Job: Sendable { let channel: ReplyChannel }

func answer(_ jobs: [Job], _ run: (Job) async throws -> Int) async throws {
    for job in jobs where !job.channel.isCancelled {
        try await job.channel.reply(try await run(job))
    }
}

actor OrderDesk: Interface {
    private var refunds: [Int: String] = [:]

    init() {}

    func refund(_ order: Int, for name: String) { refunds[order] = name }

    static var routes: Routes<OrderDesk> {
        RPC("refund", "order", allow: .peers("billing")) { (orders: isolated OrderDesk, order: Int) in
            orders.refund(order, for: Peer.current?.name ?? "nobody")
        }
    }
}
