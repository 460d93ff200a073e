import Load
import Lymph

/// The load generator on our library. `--style` says how the calls are made: `call`, `defer`, or `tasks`, a new task
/// for each; `--tasks` where the calling tasks run: on the `poller`'s thread, or the `pool`.
@main
struct BenchmarkClient {
    static func main() async throws {
        let arguments = Arguments()
        let style = arguments["style", default: "call"]
        let load = LoadGenerator(arguments, style: style == "tasks" ? .waves : .lanes)
        try await withClient(Client(registry: StaticRegistry())) { client in
            let isOnPoller = arguments["tasks", default: "poller"] == "poller"
            let executor = isOnPoller ? client.executor : globalConcurrentExecutor
            let echo = client.proxy("tcp://\(load.service)", interface: "echo")
            try await withTaskExecutorPreference(executor) {
                switch (load.method, style) {
                case ("upper", "defer"):
                    try await load.run { text in
                        let call: Task<String, any Error> = echo.upper.defer(text: text)
                        return try await call.value
                    }
                case ("upper", _): try await load.run { try await echo.upper(text: $0) }
                default: try await load.run { try await echo.call("echo", text: $0) }
                }
            }
        }
    }
}
