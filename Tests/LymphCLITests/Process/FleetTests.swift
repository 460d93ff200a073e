import Foundation
import Lymph
import LymphService
import Testing

@testable import LymphCLI

@Suite(.timeLimit(.minutes(3)))
struct FleetTests {
    private func json(_ outcome: Tool.Outcome) throws -> JSON { try JSONParser.parse(Array(outcome.output.utf8)) }

    @Test func discoversServices() async throws {
        try await EchoFleet.with { fleet in
            let lymph = fleet.tool
            let names = try await lymph("discover")
            #expect(names.output == "echo [1]\nlymph [1]\nversioned [1]\n")
            let one = try await lymph("discover", "versioned", "--versions")
            #expect(one.output.contains("versioned@1.5.0 [1]") && one.output.contains("versioned@2.0.0 [1]"))
            #expect(one.output.contains("\(fleet.endpoint)"))
            let matching = try await lymph("discover", "ver*", "--json")
            guard case .array(let instances) = try json(matching)["versioned"] else {
                Issue.record("no list: \(matching.output)")
                return
            }
            #expect(instances.compactMap { $0["version"] } == ["1.5.0", "2.0.0"])
            let compatible = try json(try await lymph("discover", "versioned@1.2", "--json"))["versioned"]
            guard case .array(let some) = compatible else {
                Issue.record("no list: \(String(describing: compatible))")
                return
            }
            #expect(some.compactMap { $0["version"] } == ["1.5.0"])
            let full = try await lymph("discover", "echo", "--full")
            #expect(full.output.contains("   identity  ") && full.output.contains("   hostname  "))
        }
    }

    @Test func discoversServicesThatAreGone() async throws {
        try await EchoFleet.with { fleet in
            let instance = ServiceInstance(service: "gone", endpoint: try Endpoint(host: "127.0.0.1", port: 9))
            try await fleet.registry.register(instance)
            await fleet.registry.unregister(instance)
            let all = try await fleet.tool("discover", "--all")
            #expect(all.output.contains("gone [0]\n"))
            let running = try await fleet.tool("discover")
            #expect(!running.output.contains("gone"))
        }
    }

    @Test func theLogGoesToAFile() async throws {
        try await EchoFleet.with { fleet in
            let log = try #require(fleet.tool.folder) + "/log"
            for _ in 1...2 {
                let outcome = try await fleet.tool(
                    "ping", "echo", "--count", "1", "--loglevel", "DEBUG", "--logfile", log)
                #expect(outcome.status == 0 && outcome.errors == "")
            }
            let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            #expect(lines.count { $0.contains(" DEBUG lymph: listening endpoint=tcp://") } == 2, "\(lines)")
            let outcome = try await fleet.tool("ping", "echo", "--count", "1", "--loglevel", "debug")
            #expect(outcome.errors.contains(" DEBUG lymph: listening"))
        }
    }

    @Test func anEmptyRegistryIsNoError() async throws {
        let folder = try TemporaryFolder()
        let lymph = Tool(environment: ["LYMPH_REGISTRY_DIR": folder.path + "/registry"])
        let empty = try await lymph("discover")
        #expect(empty.output == "" && empty.status == 0)
        #expect(empty.errors.hasPrefix("no services are registered in \(folder.path)/registry"))
        let document = try await lymph("discover", "--json")
        #expect(document.output == "{}\n")
    }

    @Test func inspectsByNameAndAddress() async throws {
        try await EchoFleet.with { fleet in
            let named = try await fleet.tool("inspect", "versioned")
            #expect(
                named.output.contains("\nversioned@1.5.0\n")
                    && named.output.contains("  rpc upper(text: String) -> String\n      Returns `text`"))
            let addressed = try await fleet.tool("inspect", fleet.endpoint.description, "--json")
            guard case .array(let methods) = try json(addressed)["methods"] else {
                Issue.record("no list: \(addressed.output)")
                return
            }
            #expect(
                methods.contains { $0["name"] == "echo.upper" && $0["params"] == ["text"] && $0["version"] == .null })
            let upper = methods.first { $0["name"] == "echo.upper" }
            #expect(upper?["schema"]?["returns"]?["type"] == "string")
        }
    }

    @Test func showsTheConnectionsOfAService() async throws {
        try await EchoFleet.with { fleet in
            let status = try await fleet.tool("status", "echo")
            #expect(status.output.hasPrefix("\(fleet.endpoint)\nidentity "))
            // A peer that only asks is not listed: it is answered on its own connection.
            #expect(status.output.hasSuffix("\n\nno connections\n"))
            let document = try json(try await fleet.tool("status", fleet.endpoint.description, "--json"))
            #expect(document["endpoint"] == .string(fleet.endpoint.description))
            #expect(document["connections"] == .array([]))
        }
    }

    @Test func pingsAndCounts() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool("ping", "echo", "--count", "3", "--interval", "0.01")
            #expect(outcome.output.contains("answer from \(fleet.endpoint): seq=3 time="))
            #expect(outcome.output.contains("3 requests sent, 3 answered, 0 % lost\nround trip min/avg/max/mdev = "))
            let lost = try await fleet.tool(
                "ping", "tcp://127.0.0.1:9", "--count", "2", "--interval", "0.01", "--timeout", "0.3", "--json")
            #expect(lost.status == LymphService.ExitStatus.notConnected.rawValue)
            #expect(try json(lost)["loss"] == .double(1))
        }
    }

    @Test func anInterruptedPingSumsUp() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool.interrupted("ping", "echo", "--interval", "0.01", after: "seq=2 ")
            #expect(outcome.output.contains(" answered, ") && outcome.output.contains("min/avg/max/mdev"))
            #expect(outcome.status == 0)
        }
    }

    @Test func theDoctorFindsNothingOrSomething() async throws {
        try await EchoFleet.with { fleet in
            let healthy = try await fleet.tool("doctor")
            #expect(healthy.status == 0, "\(healthy.output)")
            #expect(healthy.output.contains("✓ ping") && healthy.output.contains("No problems"))
            #expect(healthy.output.contains("it is swift-lymph"))
            let refused = try await fleet.tool("doctor", "tcp://127.0.0.1:9", "--json")
            #expect(refused.status == LymphService.ExitStatus.problemsFound.rawValue)
            #expect(try json(refused)["ok"] == .bool(false))
            let unknown = try await fleet.tool("doctor", "ecko")
            #expect(unknown.status == 10 && unknown.output.contains("did you mean \"echo\"?"))
            let impostor = ServiceInstance(service: "other", endpoint: fleet.endpoint, identity: "somebody-else")
            try await fleet.registry.register(impostor)
            let clash = try await fleet.tool("doctor")
            #expect(clash.status == 10 && clash.output.contains("✗ identity clash"))
        }
    }

    @Test("without a terminal a sentence stays on one line, however long a path in it is", arguments: [1, 20, 200])
    func sentencesStayWhole(length: Int) async throws {
        let folder = try TemporaryFolder()
        let directory = folder.path + "/" + String(repeating: "x", count: length)
        let instance = ServiceInstance(service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: 9))
        try await DirectoryRegistry(path: directory).register(instance)
        let lymph = Tool(environment: ["LYMPH_REGISTRY_DIR": directory])
        let piped = try await lymph("doctor", "ecko")
        let isWhole = { (line: Substring) in
            line.contains("as \"ecko\" in \(directory)") && line.contains("mean \"echo\"?")
        }
        #expect(piped.output.split(separator: "\n").contains(where: isWhole), "\(piped.output)")
        let shown = try await lymph.onTerminal("doctor", "ecko").output.split(whereSeparator: \.isNewline)
        #expect(shown.contains { $0.contains("no service") } && !shown.contains(where: isWhole), "\(shown)")
    }

    @Test func showsTheConfiguration() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "container: {timeout: 1.5}\ninterfaces:\n    echo:\n        db_password: geheim\n        port: $(env.PORT)\n",
            to: ".lymph.yml")
        let lymph = Tool(environment: ["PORT": "17"], folder: folder.path)
        let plain = try await lymph("config")
        #expect(plain.output.contains("    timeout: 1.5\n") && plain.output.contains("db_password: '********'"))
        #expect(!plain.output.contains("geheim"))
        let sources = try await lymph("config", "--sources", "--ip", "10.0.0.1")
        #expect(
            sources.output.contains(".lymph.yml:4") && sources.output.contains("$(env.PORT)")
                && sources.output.contains("option --ip"))
        #expect(!sources.output.contains("geheim"))
        let document = try json(try await lymph("config", "--json"))
        #expect(document["container"]?["timeout"] == .double(1.5))
    }

    @Test func listsTheCommandsAndExplainsThem() async throws {
        let lymph = Tool()
        let list = try await lymph("list")
        #expect(list.output.contains(/(?m)^request +Calls a method/))
        #expect(list.output.split(separator: "\n").allSatisfy { $0.displayWidth <= 80 })
        let help = try await lymph("--help")
        #expect(help.output.contains("Exit codes:") && help.status == 0)
        let version = try await lymph("--version")
        #expect(version.output == LymphCommand.version + "\n")
        for shell in ["bash", "zsh", "fish"] {
            let script = try await lymph("--generate-completion-script", shell)
            #expect(script.output.contains("discover"))
        }
        let commands = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        let subcommands = try #require(help.output.firstRange(of: "SUBCOMMANDS:"))
        let explained = help.output[subcommands.upperBound...].matches(of: /(?m)^  ([a-z-]+) +\S/).map { String($0.1) }
        #expect(commands.sorted() == explained.sorted() && !commands.isEmpty)
        try await inPairs(commands) { command in
            let help = try await lymph(command, "--help")
            #expect(help.output.contains("Example"), "\(command)")
            #expect(help.output.split(separator: "\n").allSatisfy { $0.displayWidth <= 80 }, "\(command)")
        }
    }
}
