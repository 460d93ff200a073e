import Lymph
import MessagePack

/// Calls the echo service in every way there is, and prints what happens.
@main
struct Demo {
    static func main() async throws {
        try await withClient { client in
            let transcript = Transcript()
            let echo = client.proxy("echo", timeout: .seconds(2))

            transcript.title("A plain call: the type is that of the variable")
            try await transcript.step(#"let text: String = try await echo.upper(text: "hello")"#) {
                let text: String = try await echo.upper(text: "hello")
                return text
            }
            try await transcript.step(#"try await echo.call("upper", text: "hello")    // a Value"#) {
                try await echo.call("upper", text: "hello")
            }

            transcript.title("A deferred call: a task at once, its value later")
            let later: Task<String, any Error> = echo.defer("upper", text: "later")
            try await transcript.step("try await later.value") { try await later.value }

            transcript.title("Several calls at the same time")
            try await transcript.step("async let one, two, three") {
                async let one: String = echo.upper(text: "one")
                async let two: String = echo.upper(text: "two")
                async let three: String = echo.upper(text: "three")
                return try await [one, two, three].joined(separator: " ")
            }

            transcript.title("The whole answer: here an ACK, which has no result")
            try await transcript.step(#"try await client.request("echo", "echo.do_ack")"#) {
                let reply = try await client.request("echo", "echo.do_ack")
                return "\(reply.kind.rawValue), body \(try reply.body)"
            }

            transcript.title("An error that the method declares")
            try await transcript.step("let _: Int = try await echo.divide(a: 1, b: 0)") {
                let quotient: Int = try await echo.divide(a: 1, b: 0)
                return quotient
            }

            transcript.title("A method that takes longer than the caller waits")
            try await transcript.step("try await echo.with(timeout: .milliseconds(200)).sleep(seconds: 5)") {
                try await echo.with(timeout: .milliseconds(200)).sleep(seconds: 5)
            }

            transcript.title("A method that isn't there")
            try await transcript.step("try await echo.lower(text: …)") {
                try await echo.lower(text: "HELLO")
            }
        }
    }
}
