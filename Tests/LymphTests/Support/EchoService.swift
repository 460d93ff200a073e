import Lymph
import MessagePack

struct DivisionByZero: Error, CustomStringConvertible {
    let description = "b is zero"
}

/// The service that most tests call.
actor EchoService: Interface {
    private var served = 0
    private var kept: [ReplyChannel] = []

    func upper(_ text: String) -> String {
        served += 1
        return text.uppercased()
    }

    static let routes = Routes<EchoService> {
        RPC("echo", "text", help: "Returns `text`.") { (_, text: Value) in text }
        RPC("upper", "text", help: "Returns `text` in upper case.") { echo, text in
            echo.upper(text)
        }
        RPC("divide", "a", "b", raises: DivisionByZero.self) { (_, a: Int, b: Int) in
            guard b != 0 else { throw DivisionByZero() }
            return a / b
        }
        RPC("add", "a", Parameter("b", default: 1)) { (_, a: Int, b: Int) in a + b }
        RPC("greet", "name") { (_, name: String?) in name.map { "hello \($0)" } }
        RPC("reset") { echo in echo.served = 0 }
        RPC("count") { echo in echo.served }
        RPC("fail") { _ in throw DivisionByZero() }
        RPC("nothing", "text") { (echo, text: String) in echo.served += text.count }
        RPC("sleep", "seconds") { (_, seconds: Double) in try await Task.sleep(for: .seconds(seconds)) }
        EchoService.raw
    }

    private static let raw = Routes<EchoService> {
        RawRPC("do_ack", help: "Acknowledges.") { _, channel, message in
            await channel.ack()
        }
        RawRPC("forget") { _, _, _ in }
        RawRPC("keep") { echo, channel, _ in echo.kept.append(channel) }
    }
}
