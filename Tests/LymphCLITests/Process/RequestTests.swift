import Lymph
import LymphService
import Testing

@testable import LymphCLI

@Suite(.timeLimit(.minutes(3)))
struct RequestTests {
    @Test func callsByNameAndByAddress() async throws {
        try await EchoFleet.with { fleet in
            let named = try await fleet.tool("request", "echo.upper", #"{"text": "żółw"}"#)
            #expect(named.output == "\"ŻÓŁW\"\n")
            #expect(named.errors == "")
            #expect(named.status == 0)
            // No registry, no configuration: the address is enough.
            let bare = Tool(environment: ["LYMPH_REGISTRY_DIR": "/dev/null/nowhere", "LANG": "C"])
            let addressed = try await bare(
                "request", "echo.upper", "--address", fleet.endpoint.description, "-", input: #"{"text": "ü"}"#)
            #expect(addressed.output == "\"Ü\"\n")
            #expect(addressed.status == 0)
            let versioned = try await fleet.tool("request", "versioned.upper@1.2", "{\"text\": \"a\"}", "-D", "--json")
            let document = try JSONParser.parse(Array(versioned.output.utf8))
            #expect(document["headers"]?["version"] == "1.5.0")
            #expect(document["body"] == "A")
            // Without a version it would be the highest.
            let exact = try await bare(
                "request", "versioned.upper@1.5", "{\"text\": \"a\"}", "-D", "--json", "--address",
                fleet.endpoint.description)
            let answer = try JSONParser.parse(Array(exact.output.utf8))
            #expect(answer["headers"]?["version"] == "1.5.0")
        }
    }

    @Test func valuesKeepTheirTypes() async throws {
        try await EchoFleet.with { fleet in
            let values =
                #"[1, 1.0, -1, 18446744073709551615, null, {"_": "2015-11-23", "__type__": "date"}, "#
                + #"{"_": "AQID", "__type__": "bytes"}, {"_": "1.50", "__type__": "Decimal"}]"#
            let outcome = try await fleet.tool("request", "echo.echo", #"{"value": \#(values)}"#, "--json", "--tagged")
            #expect(outcome.output == values + "\n")
            let plain = try await fleet.tool("request", "echo.echo", #"{"value": \#(values)}"#, "--json")
            #expect(
                plain.output
                    == #"[1, 1.0, -1, 18446744073709551615, null, "2015-11-23", "AQID", "1.50"]"# + "\n")
            let shown = try await fleet.tool(
                "request", "echo.echo", #"{"value": {"__type__": "date", "_": "2015-11-23"}}"#)
            #expect(shown.output == "date(2015-11-23)\n")
            let null = try await fleet.tool("request", "echo.acknowledge", "{}")
            #expect(null.output == "null\n")
        }
    }

    @Test func theTraceIsPassedOn() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool("request", "echo.traced", "{}", "--trace-id", "my-trace")
            #expect(outcome.output == "\"my-trace\"\n")
        }
    }

    @Test func manyRequestsAreSummedUp() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool("request", "echo.upper", #"{"text": "a"}"#, "-N", "200", "-C", "7")
            #expect(outcome.output.hasPrefix("200 requests, 7 at a time, in "))
            for word in ["p50", "p90", "p99", "p99.9", "max", "Distribution", "█"] {
                #expect(outcome.output.contains(word))
            }
            #expect(outcome.errors == "", "a progress bar is for terminals")
            let json = try await fleet.tool("request", "echo.upper", #"{"text": "a"}"#, "-N", "50", "--json")
            let document = try JSONParser.parse(Array(json.output.utf8))
            #expect(document["requests"] == 50)
            #expect(document["failures"] == [:])
        }
    }

    @Test func manyRequestsThatFailHaveTheCodeOfTheFailure() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool(
                "request", "echo.sleep", #"{"seconds": 0}"#, "-N", "3", "--address", fleet.endpoint.description)
            #expect(outcome.status == 0)
            let late = try await fleet.tool("request", "echo.fail", "{}", "-N", "3")
            #expect(late.status == LymphService.ExitStatus.remoteError.rawValue)
        }
    }

    @Test func onATerminalAProgressBarShowsHowFarItIs() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool.onTerminal("request", "echo.upper", #"{"text": "a"}"#, "-N", "200")
            #expect(outcome.status == 0)
            let parts = outcome.output.split(separator: "\r\u{1b}[K")
            #expect(parts.count == 2)
            #expect(parts.first?.contains(/\r[█░]+ 0\/200  0\/s/) == true)
            #expect(parts.first?.contains(/\r█+ 200\/200  [0-9]+\/s/) == true)
            #expect(parts.last?.hasPrefix("200 requests, 1 at a time, in ") == true)
            let plain = try await fleet.tool.onTerminal("request", "echo.upper", #"{"text": "a"}"#)
            #expect(plain.output == "\u{1b}[32m\"A\"\u{1b}[0m\r\n")
        }
    }

    @Test(arguments: [false, true])
    func anInterruptedRunSumsUpWhatItDid(isJSON: Bool) async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool.onTerminal(
                "request", "echo.upper", #"{"text": "a"}"#, "-N", "100000000", isJSON ? "--json" : "--no-color"
            ) { $0.contains(#/ [1-9][0-9]*/100000000 /#) }
            #expect(outcome.status == LymphService.ExitStatus.interrupted.rawValue)
            let report = outcome.output.split(separator: "\r\u{1b}[K").last.map(String.init) ?? ""
            let done: Int
            if isJSON {
                guard case .integer(let requests) = try JSONParser.parse(Array(report.utf8))["requests"] else {
                    Issue.record("no number: \(report)")
                    return
                }
                done = Int(requests)
            } else {
                #expect(report.contains(" requests, 1 at a time, in ") && report.contains("p99.9"))
                #expect(!report.contains("Failures"))
                done = try #require(report.split(separator: " ").first.flatMap { Int($0) })
            }
            #expect((1..<100_000_000).contains(done))
        }
    }

    @Test(arguments: [[], ["-N", "9"]])
    func theWorkForItEndsWithIt(options: [String]) async throws {
        let patient = Patient()
        try await EchoFleet.with([.init(as: "patient") { _ in patient }]) { fleet in
            let outcome = try await fleet.tool.ended(
                ["request", "patient.wait", "{}", "--timeout", "300"] + options
            ) { await patient.isAsked }
            #expect(outcome.status == LymphService.ExitStatus.interrupted.rawValue)
            #expect(outcome.output == "" && outcome.errors == "", "\(outcome)")
            await patient.end.wait()
            // It was told so, and has not merely lost the connection.
            let metrics = try await fleet.tool("request", "lymph.get_metrics", "{}", "--json")
            #expect(metrics.output.contains(#"["lymph.server.cancelled", 1, {"reason": "caller"}]"#), "\(metrics)")
        }
    }

    @Test func aReaderThatGoesEndsItQuietly() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool.shell("\"$LYMPH\" request echo.long '{}' | head -c 10")
            #expect(outcome.output == "\"012345678")
            #expect(outcome.errors == "")
            let ignored = try await fleet.tool.shell(
                "trap '' PIPE; { \"$LYMPH\" request echo.long '{}'; echo $? >&2; } | head -c 1")
            #expect(ignored.errors == "141\n")
        }
    }

    @Test func thereIsColourOnlyIfSomebodyAsks() async throws {
        try await EchoFleet.with { fleet in
            let plain = try await fleet.tool("request", "echo.upper", #"{"text": "a"}"#)
            #expect(!plain.output.contains("\u{1b}"))
            let painted = try await fleet.tool("request", "echo.upper", #"{"text": "a"}"#, "--color")
            #expect(painted.output == "\u{1b}[32m\"A\"\u{1b}[0m\n")
        }
    }
}

/// Its method waits until it is cancelled.
private actor Patient: Interface {
    private(set) var isAsked = false
    let end = ShutdownSignal()

    init() {}

    static let routes = Routes<Patient> {
        RPC("wait") { patient in
            patient.isAsked = true
            try? await Task.sleep(for: .seconds(300))
            patient.end.trigger()
        }
    }
}
