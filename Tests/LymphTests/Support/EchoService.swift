import Glibc
import Lymph
import MessagePack

struct DivisionByZero: Error, CustomStringConvertible {
    let description = "b is zero"
}

/// The service that most tests call.
actor EchoService: Interface {
    private var served = 0
    private var kept: [ReplyChannel] = []
    private let going = ShutdownSignal()

    // Swift 6.3 sometimes rejects the one that it would make itself.
    init() {}

    func upper(_ text: String) -> String {
        served += 1
        return text.uppercased()
    }

    /// Lets the calls of `hold` and `block` end.
    nonisolated func letGo() { going.trigger() }

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
        RPC("sleep", "seconds") { (echo, seconds: Double) in
            try await echo.context.sleep(for: .seconds(seconds))
        }
        RPC("hold") { echo in await echo.going.wait() }
        RPC("let_go") { echo in echo.letGo() }
        RPC("repeat", "text", "times") { (_, text: String, times: Int) in String(repeating: text, count: times) }
        EchoService.raw
        EchoService.answers
    }

    private static let raw = Routes<EchoService> {
        RawRPC("do_ack", help: "Acknowledges.") { _, channel, message in
            await channel.ack()
        }
        RawRPC("forget") { _, _, _ in }
        RawRPC("keep") { echo, channel, _ in echo.kept.append(channel) }
        RPC("kept_count") { echo in echo.kept.count }
        RPC("release") { echo in echo.kept = [] }
        RPC("answer_kept") { echo in
            // More may be kept while these are answered.
            let channels = echo.kept
            echo.kept = []
            for channel in channels { try await channel.reply("at last") }
        }
        RPC("block") { echo in
            // Blocks the thread on purpose, like user code that computes for long.
            while !echo.going.isGiven { usleep(1000) }
        }
    }

    /// Every combination of answers that the protocol's rules cover.
    private static let answers = Routes<EchoService> {
        RawRPC("reply_then_ack") { _, channel, _ in
            try await channel.reply("first")
            await channel.ack()
        }
        RawRPC("two_replies") { _, channel, _ in
            try await channel.reply("first")
            try await channel.reply("second")
        }
        RawRPC("ack_unless_replied") { _, channel, _ in
            try await channel.reply("first")
            await channel.ack(unlessReplySent: true)
            await channel.nack(unlessReplySent: true)
        }
        RawRPC("reply_then_throw") { _, channel, _ in
            try await channel.reply("first")
            throw DivisionByZero()
        }
        RawRPC("error_then_throw") { _, channel, _ in
            await channel.error(type: "Sad", message: "first")
            throw DivisionByZero()
        }
        RawRPC("error_then_reply") { _, channel, _ in
            await channel.error(type: "Sad", message: "first")
            try await channel.reply("second")
        }
        RawRPC("do_nack") { _, channel, _ in await channel.nack(reason: .overloaded) }
        RawRPC("do_refuse") { _, channel, _ in await channel.nack(reason: .rejected, detail: "not so") }
        RPC("refuse") { _ in throw LymphError(.nack, "not yours", reason: .unauthorized) }
        RawRPC("do_error") { _, channel, _ in await channel.error(type: "Sad", message: "so sad") }
        RawRPC("throw", raises: DivisionByZero.self) { _, _, _ in throw DivisionByZero() }
        RawRPC("header") { _, channel, message in
            try await channel.addHeader("x-seen", message.headers["x-sent"] ?? .nil)
            try await channel.addHeader("version", "9.9.9")
            try await channel.reply(message.subject)
        }
    }
}
