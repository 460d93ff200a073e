import Load
import Lymph

/// Many clients of one service, each of which makes one call and is idle from then on: `IdlePeers --connect host:port
/// --peers N`. Prints `ready` when all are connected, and exits when its standard input ends.
@main
struct IdlePeers {
    static func main() async throws {
        let arguments = Arguments()
        exitAtEndOfInput()
        let address = "tcp://" + arguments["connect", default: ""]
        let clients = (0..<arguments["peers", default: 1]).map { _ in Client(registry: StaticRegistry()) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                group.addTask { try await client.run() }
                let text: String = try await client.proxy(address, interface: "echo", timeout: .seconds(10)).upper(
                    text: "foo")
                guard text == "FOO" else { fail("a wrong answer: \(text)") }
            }
            say("ready \(clients.count)")
            try await group.waitForAll()
        }
    }
}
