import Lymph

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
        RPC("echo", "text", help: "Returns `text`.") { (_, text: String) in text }
        RPC("upper", "text", help: "Returns `text` in upper case.") { echo, text in
            echo.upper(text)
        }
        RPC("join", "first", "second", help: "Returns both texts as one.") { echo, first, second in
            echo.join(first, second)
        }
        RPC("served", help: "How many texts were made.") { echo in echo.served }
        RPC("divide", "a", "b", raises: DivisionByZero.self, help: "Returns a / b.") { (_, a: Int, b: Int) in
            guard b != 0 else { throw DivisionByZero() }
            return a / b
        }
        RPC("sleep", "seconds", help: "Returns after a while.") { (_, seconds: Double) in
            guard (0...86_400).contains(seconds) else {
                throw LymphError(.nack, "seconds must be a number from 0 to 86400, not \(seconds)", reason: .rejected)
            }
            try await Task.sleep(for: .seconds(seconds))
        }
        RawRPC("do_ack", help: "Acknowledges.") { _, channel, message in
            await channel.ack()
        }
    }
}

/// Declared by `divide`, so callers see it as a remote error of this name.
struct DivisionByZero: Error, CustomStringConvertible {
    let description = "b must not be 0"
}
