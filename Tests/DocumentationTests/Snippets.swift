// The code of README.md, so that it is compiled and run. `DocumentationTests` checks that every block is in here.
import Lymph
import LymphService
import LymphZooKeeper

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

    static let routes = Routes<EchoService> {
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
    static let routes = Routes<EchoService2> {}
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

    static let routes = Routes<OrdersService> {}
}

let refusing = Routes<EchoService> {
    RPC("reset") { echo in
        throw LymphError(.nack, "only operators may do this", reason: .unauthorized)
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

func versions() async throws {
    let container = try ServiceContainer(interfaces: [
        .init(EchoService.self, as: "echo", version: "1.5.0"),
        .init(EchoService2.self, as: "echo", version: "2.0.0"),
    ])
    try await container.run()
}

func retries(_ echo: Proxy) async throws {
    let text: String = try await echo.with(waitForReady: true, idempotent: true).upper(text: "foo")
    _ = text
}

func options(_ reports: Proxy) async throws {
    let report = try await withCallOptions(timeout: .seconds(30)) {
        try await reports.call("monthly", month: 11)
    }
    _ = report
}

func inMemory() async throws {
    var configuration = PeerConfiguration()
    configuration.transport = .inMemory(InMemoryNetwork())
    let registry = StaticRegistry()
    let container = try ServiceContainer(
        interfaces: [.init(EchoService.self, as: "echo")], registry: registry, configuration: configuration)
    try await withServiceContainer(container) { _ in
        try await withClient(Client(registry: registry, configuration: configuration)) { client in
            let text: String = try await client.proxy("echo").upper(text: "foo")
            assert(text == "FOO")
        }
    }
}

struct AccessLog: ServiceInterceptor {
    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        guard request.message.headers["tenant"] != nil || request.isBuiltin else {
            return .nack(Refusal(.unauthorized, "the header tenant is missing"))
        }
        let answer = await next()
        print(request.principal, request.subject, answer)
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
