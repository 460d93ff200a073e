import Lymph
import LymphService
import Testing

@testable import LymphCLI

/// What a person sees when something goes wrong: one clear line and a code, and perhaps one that names an article.
@Suite(.timeLimit(.minutes(3)))
struct ErrorTests {
    private func expect(
        _ outcome: Tool.Outcome, _ status: LymphService.ExitStatus, _ texts: String..., lines: Int = 1,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == status.rawValue, "\(outcome.errors)", sourceLocation: location)
        #expect(outcome.output == "", sourceLocation: location)
        let references = outcome.errorLines.filter { $0.hasPrefix("  see \"") }
        #expect(outcome.errorLines.count == lines + references.count, "\(outcome.errors)", sourceLocation: location)
        let isUsage = [.usage, .invalidJSON, .remoteError, .failure].contains(status)
        #expect(references.count == (isUsage ? 0 : 1), "\(outcome.errors)", sourceLocation: location)
        #expect(outcome.errors.hasPrefix("lymph: "), sourceLocation: location)
        for text in texts {
            #expect(outcome.errors.contains(text), "\(outcome.errors)", sourceLocation: location)
        }
    }

    @Test func ofServices() async throws {
        try await EchoFleet.with { fleet in
            let lymph = fleet.tool
            expect(
                try await lymph("request", "ecko.upper", "{}"), .unknownService, "\"ecko\"", "did you mean \"echo\"?")
            expect(try await lymph("inspect", "ecko"), .unknownService, "did you mean")
            expect(try await lymph("discover", "ecko"), .unknownService, "did you mean")
            expect(try await lymph("ping", "ecko"), .unknownService, "did you mean")
            expect(try await lymph("request", "versioned.upper@3", "{}"), .notConnected, "3.0.0", "1.5.0, 2.0.0")
            let gone = try Endpoint(host: "127.0.0.1", port: 9)
            let instance = ServiceInstance(service: "gone", endpoint: gone)
            try await fleet.registry.register(instance)
            await fleet.registry.unregister(instance)
            expect(try await lymph("request", "gone.upper", "{}"), .notConnected, "no instance of gone is running")
        }
    }

    @Test func ofMethods() async throws {
        try await EchoFleet.with { fleet in
            let lymph = fleet.tool
            expect(
                try await lymph("request", "echo.fail", "{}"), .remoteError,
                "echo.fail answered with the error Broken: as \\u{1b}[31mdeclared")
            expect(
                try await lymph("request", "echo.uper", "{}"), .refused, "refused by \(fleet.endpoint): rejected",
                "did you mean upper?")
            expect(
                try await lymph("request", "echo.upper", "txt=1"), .invalidJSON,
                "echo.upper: there is no parameter txt; did you mean text?", "\n  upper(text: String) -> String",
                lines: 2)
            expect(
                try await lymph("request", "echo.upper", "txt=1", "--no-check"), .refused,
                #"unknown argument "txt"; it takes text"#, "did you mean text?")
            expect(
                try await lymph("request", "echo.upper", #"{"text": 1}"#, "--no-check"), .refused, "rejected",
                "; nothing was executed")
            expect(
                try await lymph("request", "versioned.upper@1.2", "{}", "--address", fleet.endpoint.description),
                .refused, "versioned has 2.0.0, 1.5.0 but not 1.2.0")
            // A hint about the arguments would not help here.
            expect(try await lymph("request", "echo.crash", "{}"), .unknownOutcome, "failed", "its log says which")
            expect(try await lymph("discover", "versioned@x"), .usage, #""x" is not a version"#)
        }
    }

    @Test func ofTimeThatIsOver() async throws {
        try await EchoFleet.with { fleet in
            let start = ContinuousClock.now
            expect(
                try await fleet.tool("request", "echo.sleep", #"{"seconds": 60}"#, "--timeout", "3"), .timeout,
                "no answer from \(fleet.endpoint) within 3.0 seconds", "longer --timeout")
            expect(
                try await fleet.tool(
                    "request", "echo.upper", "{}", "--address", "tcp://127.0.0.1:9", "--timeout", "0.3"),
                .notConnected, "no connection to tcp://127.0.0.1:9 within 0.3 seconds", "not sent")
            #expect(start.duration(to: .now) < .seconds(30))
        }
    }

    @Test func ofArguments() async throws {
        let lymph = Tool()
        expect(
            try await lymph("request", "echo.upper", #"{"text": "ü", }"#), .invalidJSON, "line 1, column 15",
            "\n  {\"text\": \"ü\", }\n                ^", lines: 3)
        expect(try await lymph("request", "echo.upper", "[]"), .invalidJSON, "not a JSON object")
        expect(
            try await lymph("request", "echo.upper", #"{"a": {"__type__": "date", "_": "x"}}"#), .invalidJSON,
            ".a: \"x\" is not a value of type date",
            "2015-11-23")
        expect(try await lymph("request", "echo.upper", input: "{"), .invalidJSON, "standard input", lines: 3)
        expect(try await lymph("request", "echo", "{}"), .usage, "\"echo\" is not a subject", "echo.upper")
        expect(try await lymph("request", "echo.upper", "{}", "more"), .usage, "too many arguments")
        expect(
            try await lymph("request", "echo.upper", "{}", "--address", "tcp://host:1"), .usage, "not an endpoint",
            "IP address")
        expect(
            try await lymph("request", "a.b", "{}", "--nix"), .usage, "Unknown option '--nix'", "lymph request --help")
        expect(try await lymph("request", "a.b", "{}", "--timeout", "0"), .usage, "--timeout")
        expect(try await lymph("discover", "--loglevel", "loud"), .usage, "following: trace, debug, info, ")
        expect(
            try await lymph("discover", "--logfile", "/dev/null/log"), .failure,
            "the log file /dev/null/log can't be opened: Not a directory")
        expect(try await lymph("request", "a.b", "{}", "-N", "0"), .usage, "-N must be a number from 1")
        expect(try await lymph("discover", "--ip", "1.2.3.4", "-g"), .usage, "mutually exclusive")
        expect(try await lymph("dscover"), .usage, "did you mean discover?")
        expect(try await lymph("help", "dscover"), .usage, "did you mean discover?")
    }

    @Test(arguments: [8, 12, 16, 24]) func ofTooFewDescriptors(limit: Int) async throws {
        for command in ["request a.b '{}'", "discover", "tail a", "ping a --count 1", "doctor"] {
            let outcome = try await Tool().shell("ulimit -n \(limit); exec \"$LYMPH\" \(command)")
            let text = "Too many open files (28 more are needed; \(limit) descriptors are allowed, see ulimit -n)"
            // The doctor reports it as a finding.
            #expect(outcome.status == (command == "doctor" ? 10 : 1), "\(command): \(outcome)")
            #expect((outcome.output + outcome.errors).contains(text), "\(command): \(outcome)")
        }
    }

    @Test func ofRegistriesAndConfigurations() async throws {
        let folder = try TemporaryFolder()
        let lymph = Tool(environment: ["LYMPH_REGISTRY_DIR": folder.path + "/no/where"], folder: folder.path)
        expect(
            try await lymph("discover"), .registryUnavailable,
            "\(folder.path)/no/where can't be created, its parent does not exist; set LYMPH_REGISTRY_DIR")
        expect(try await lymph("request", "echo.upper", "{}"), .registryUnavailable, "\(folder.path)/no/where")
        // Nobody listens there.
        try await inPairs(["discover", "inspect", "change-loglevel", "request", "ping", "status"]) { command in
            let rest = ["request": ["a.b", "{}"], "discover": [], "change-loglevel": ["a", "--level", "debug"]]
            let arguments = [command] + rest[command, default: ["a"]] + ["--registry", "zookeeper:127.0.0.1:1"]
            let start = ContinuousClock.now
            expect(
                try await lymph(arguments + ["--timeout", "0.2"]), .registryUnavailable, "the registry",
                "ZooKeeper at 127.0.0.1:1: Connection refused")
            #expect(start.duration(to: .now) < .seconds(8), "\(command)")
        }
        let doctor = try await lymph("doctor", "--registry", "zookeeper:127.0.0.1:1", "--timeout", "0.2")
        #expect(doctor.status == LymphService.ExitStatus.problemsFound.rawValue)
        #expect(doctor.output.contains("ZooKeeper at 127.0.0.1:1: Connection refused"), "\(doctor.output)")
        #expect(!doctor.output.contains("lymph doctor"))
        expect(try await lymph("discover", "--registry", "nix"), .usage, "\"nix\" is not a registry", "directory")
        expect(try await lymph("discover", "-c", "none.yml"), .configuration, "none.yml: can't be read")
        try folder.write("containr: {}\ncontainer: {ip: 0.0.0.0, registry: {class: nix}}", to: ".lymph.yml")
        let mistakes = ["1: containr: unknown key", "2: container.registry.class", "2: container.ip: found the string"]
        for arguments in [["request", "a.b", "{}"], ["doctor"]] {
            let outcome = try await lymph(arguments)
            let text = outcome.output + outcome.errors
            for mistake in mistakes { #expect(text.contains(".lymph.yml:\(mistake)"), "\(text)") }
        }
        try folder.write("container: {registry: {class: nix}}", to: ".lymph.yml")
        expect(try await lymph("discover"), .configuration, ".lymph.yml:1: container.registry.class", "directory")
        try folder.write("instances: {a: {command: ''}}\nsockets: {b: {port: 0}}", to: ".lymph.yml")
        expect(
            try await lymph("node", "--ip", "0.0.0.0"), .configuration,
            #"option --ip: container.ip: found the string "0.0"#,
            ".lymph.yml:1: instances.a.command: the command is empty", ".lymph.yml:2: sockets.b.port: found", lines: 3)
        try folder.write("container: {ip: nowhere}", to: ".lymph.yml")
        expect(
            try await lymph("request", "a.b", "{}", "--address", "tcp://127.0.0.1:9"), .configuration, "container.ip")
    }

    @Test("services registered elsewhere by a different environment are mentioned", .timeLimit(.minutes(1)))
    func ofTwoDefaults() async throws {
        try await EchoFleet.with { fleet in
            let folder = try TemporaryFolder()
            let other = folder.path + "/other"
            // As in a shell that has the variable, while cron started the service without it.
            let runtime = String(fleet.registry.path.dropLast("/lymph".count))
            let lymph = Tool(environment: ["LYMPH_REGISTRY_DIR": other, "XDG_RUNTIME_DIR": runtime])
            expect(
                try await lymph("request", "echo.upper", "{}"), .unknownService,
                "no service was ever registered as \"echo\" in \(other); one is in \(fleet.registry.path), where",
                "set LYMPH_REGISTRY_DIR to the same directory")
            expect(
                try await lymph("request", "nobody.upper", "{}"), .unknownService,
                "in \(other); others are in \(fleet.registry.path)")
            let discover = try await lymph("discover")
            #expect(
                discover.errors.contains(
                    "no services are registered in \(other); there are some in \(fleet.registry.path)"))
            let doctor = try await lymph("doctor", "--json")
            #expect(doctor.output.contains("\(fleet.registry.path) has services of yours, too"))
            #expect(doctor.output.contains("echo, lymph, versioned"))
        }
    }
}
