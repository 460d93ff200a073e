import Foundation
import Lymph
import Testing

@testable import LymphService

@Suite("A service that can't start", .timeLimit(.minutes(2)))
struct StartFailureTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// The status and the lines of a run that ends by itself, without the last one, which names an article.
    private func run(
        _ arguments: String..., program: String = "Echo", environment: [String: String] = [:]
    ) async throws -> (status: Int32?, lines: [String]) {
        let process = try ServiceProcess(program, arguments, in: folder, environment: environment)
        var lines = await process.rest()
        let status = await process.exitStatus()
        let isReference = lines.last?.hasPrefix("\(program): see \"") == true
        #expect(isReference == [69, 71, 78].contains(status), "\(lines)")
        if isReference { lines.removeLast() }
        let prefix = "\(folder.path)/"
        return (status, lines.map { $0.replacingOccurrences(of: prefix, with: "") })
    }

    @Test("each mistake in the configuration is one line, and the status is 78")
    func configuration() async throws {
        try folder.write(
            """
            container:
                prt: 4100
                registry: {class: zookeeper}
            interfaces:
                echo: {class: EchoServic}
            logging: {level: LOUD}
            """, to: ".lymph.yml")
        let (status, lines) = try await run()
        #expect(status == 78)
        let starts = [
            "Echo: .lymph.yml:2: container.prt: unknown key; did you mean port? allowed: ",
            #"Echo: .lymph.yml:3: container.registry.class: found "zookeeper", which this program was built without"#,
            #"Echo: .lymph.yml:5: interfaces.echo.class: there is no interface class "EchoServic"; did you mean Ech"#,
            #"Echo: .lymph.yml:6: logging.level: found the string "LOUD"; allowed: TRACE, DEBUG, "#,
        ]
        #expect(lines.count == starts.count)
        for (line, start) in zip(lines, starts) { #expect(line.hasPrefix(start)) }
    }

    @Test("a misspelled section hides no other mistake, and an unknown variable is a mistake")
    func everything() async throws {
        try folder.write(
            """
            containr: {port: 1}
            container:
                ip: $(env.NOBODY_HAS_SET_THIS)
                port: !ENV PORT
                timeout: soon
                registry: dep:nothing
            interfaces:
                echo: {class: $(var.class)}
                other@x: {class: EchoServic}
            logging: {level: LOUD, levels: {a: x}}
            """, to: ".lymph.yml")
        let (status, lines) = try await run()
        #expect(status == 78)
        let starts = [
            "1: containr: unknown key; did you mean container?",
            "3: container.ip: $(env.NOBODY_HAS_SET_THIS): the environment variable",
            "4: container.port: the tag !ENV has no meaning here; allowed: $(env.PORT)",
            #"5: container.timeout: found the string "soon""#,
            "6: container.registry: dep:nothing: dependencies has no such",
            "8: interfaces.echo.class: $(var.class): --vars has no variable class",
            #"9: interfaces.other@x: found the version "x""#,
            #"9: interfaces.other@x.class: there is no interface class "EchoServic""#,
            #"10: logging.level: found the string "LOUD""#, #"10: logging.levels.a: found the string "x""#,
        ]
        #expect(lines.count == starts.count, "\(lines)")
        for (line, start) in zip(lines, starts) { #expect(line.hasPrefix("Echo: .lymph.yml:\(start)"), "\(line)") }
    }

    @Test("an address that nobody can connect to gives status 78", arguments: ["0.0.0.0", "::"])
    func unreachable(ip: String) async throws {
        let (status, lines) = try await run("--ip", ip)
        #expect(status == 78)
        #expect(
            lines == [
                "Echo: option --ip: container.ip: found the string \"\(ip)\"; allowed: an IP address of this machine that "
                    + "peers can reach; --guess-external-ip finds one"
            ])
    }

    @Test("bad YAML and missing files are reported")
    func files() async throws {
        let bad = try folder.write("a: b: c\n", to: "bad.yml")
        let (status, lines) = try await run("--config=\(bad)")
        #expect(status == 78)
        #expect(lines == ["Echo: bad.yml:1:5: bad YAML: mapping values are not allowed in this context"])
        let missing = try await run("-c", "none.yml")
        #expect(missing.status == 78)
        #expect(missing.lines == ["Echo: none.yml: can't be read: No such file or directory"])
    }

    @Test("an interface that refuses its configuration says where")
    func interface() async throws {
        let conf = try folder.write(
            "interfaces:\n  greeter:\n    class: GreeterService\n    greting: x\n", to: "conf.yml")
        let (status, lines) = try await run("-c", conf, program: "Greeter")
        #expect(status == 78)
        #expect(
            lines == [
                "Greeter: conf.yml:4: interfaces.greeter.greting: unknown key; did you mean greeting? "
                    + "allowed: greeting, loud"
            ])
    }

    @Test(
        "invalid options are reported",
        arguments: [
            (["--prt", "1"], "Unknown option '--prt'"), (["--port", "70000"], "'70000'"),
            (["--ip", "127.0.0.1", "-g"], "--ip and --guess-external-ip are mutually exclusive"),
            (["--loglevel", "loud"], #""loud" is not a log level; allowed: TRACE, DEBUG"#),
        ])
    func options(arguments: [String], expected: String) async throws {
        let process = try ServiceProcess("Echo", arguments, in: folder)
        let text = await process.rest().joined(separator: "\n")
        #expect(await process.exitStatus() == 64)
        #expect(text.contains(expected), "\(text)")
    }

    @Test("mistakes in values of options name the option")
    func values() async throws {
        let (status, lines) = try await run("--ip", "nowhere", "--interface", "Ech")
        #expect(status == 78)
        #expect(
            lines.first?.hasPrefix(#"Echo: option --ip: container.ip: found the string "nowhere"; allowed: "#) == true)
        #expect(lines.last?.hasPrefix(#"Echo: option --interface: there is no interface "Ech""#) == true)
    }

    @Test("an address that is taken, or not of this machine, gives status 71")
    func address() async throws {
        let first = try ServiceProcess("Echo", [], in: folder)
        let endpoint = try #require(Endpoint(try await first.endpoint()))
        let taken = try await run("--port", "\(endpoint.port)")
        #expect(taken.status == 71)
        #expect(taken.lines.count == 1)
        #expect(taken.lines.first?.contains("\(endpoint.port)") == true)
        let (status, lines) = try await run("--ip", "192.0.2.77")
        #expect(status == 71)
        #expect(lines.count == 1)
    }

    @Test("a registry that can't be used gives status 69")
    func registry() async throws {
        let (status, lines) = try await run(environment: ["LYMPH_REGISTRY_DIR": "/dev/null/x"])
        #expect(status == 69)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("/dev/null/x") == true)
    }

    @Test("a log file that can't be opened gives status 73")
    func log() async throws {
        let (status, lines) = try await run("--logfile", "/dev/null/log")
        #expect(status == 73)
        #expect(lines == ["Echo: the log file /dev/null/log can't be opened: Not a directory"])
    }

    @Test("help and version need no configuration")
    func help() async throws {
        let help = try await run("--help", environment: ["LYMPH_CONFIG": "/none"])
        #expect(help.status == 0)
        let text = help.lines.joined(separator: "\n")
        for option in [
            "--config", "-c", "--ip", "--port", "-p", "--guess-external-ip", "-g", "--isolated", "-i", "--interface",
            "--loglevel", "--logfile", "--vars", "--color", "--no-color", "--version", "--help", "LYMPH_NODE_CONFIG",
        ] { #expect(text.contains(option)) }
        #expect(help.lines.allSatisfy { $0.count <= 80 })
        let version = try await run("--version", program: "Greeter")
        #expect(version.lines == ["1.0.0"])
    }

    @Test("every kind of failure has its status")
    func statuses() {
        struct Other: Error {}
        #expect(ExitStatus.of(Other()).0 == .software)
        #expect(ExitStatus.of(LymphError(.bindFailure, "x")) == (.address, "x"))
        #expect(ExitStatus.of(LymphError(.registrationFailure, "x")) == (.unavailable, "x"))
        #expect(ExitStatus.of(LymphError(.configuration, "x")) == (.configuration, "x"))
        #expect(ExitStatus.of(RegistryError(.unavailable, "x")) == (.unavailable, "x"))
        #expect(ExitStatus.of(ConfigurationError(.init(message: "x"))) == (.configuration, "x"))
    }

    @Test("the address of the default route is guessed, if there is such a route")
    func external() {
        do throws(ConfigurationError) {
            let address = try LocalAddress.guess()
            #expect((try? Endpoint(host: address, port: 1))?.host == address)
            #expect(address != "0.0.0.0")
        } catch {
            #expect(
                error.description.hasPrefix("option --guess-external-ip: container.ip: the address can't be guessed"))
        }
    }
}
