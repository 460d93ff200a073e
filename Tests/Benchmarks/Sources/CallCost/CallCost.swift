import Dispatch
import Load
import Lymph

actor EchoService: Interface {
    static let routes = Routes<EchoService> {
        RPC("upper", "text") { (_, text: String) in text.uppercased() }
    }
}

/// A service and its client in one process, over the in-memory network: nothing depends on sockets or other processes, so the
/// instructions that a call executes can be counted, and hardly vary from run to run.
///
/// `--calls` is the total, `--outstanding` how many are in flight, `--handlers` where they are handled: `poller` or `pool`.
@main
struct CallCost {
    // Not async: valgrind crashes when the runtime of an async main tears down the main thread.
    static func main() {
        let end = DispatchSemaphore(value: 0)
        Task.detached {
            do { try await run() } catch { fail("\(error)") }
            end.signal()
        }
        end.wait()
    }

    private static func run() async throws {
        let arguments = Arguments()
        let outstanding = arguments["outstanding", default: 1]
        let calls = arguments["calls", default: 1000] / outstanding
        var configuration = PeerConfiguration(transport: .inMemory(InMemoryNetwork()))
        let clientConfiguration = configuration
        configuration.handlerExecutor = arguments["handlers", default: "poller"] == "poller" ? .poller : .pool
        let container = try ServiceContainer(
            interfaces: [.init(EchoService.self, as: "echo")], registry: StaticRegistry(), configuration: configuration)
        try await withServiceContainer(container) { endpoint in
            try await withClient(Client(registry: StaticRegistry(), configuration: clientConfiguration)) { client in
                let echo = client.proxy("\(endpoint)", interface: "echo")
                try await withTaskExecutorPreference(client.executor) {
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<outstanding {
                            group.addTask {
                                for _ in 0..<calls { let _: String = try await echo.upper(text: "0123456789") }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }
}
