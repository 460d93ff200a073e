import ArgumentParser
import Glibc
import Lymph
import Testing

@testable import LymphService

private struct NoDatabase: Error {}

/// Its configuration says what happens when it starts.
private actor Slow: Interface {
    let context: InterfaceContext

    init(context: InterfaceContext) throws {
        self.context = context
        if context.configuration["on"] == "init" { throw NoDatabase() }
    }

    func start() async throws {
        switch context.configuration["on"] {
        case "start": throw NoDatabase()
        case "call": throw LymphError(.bindFailure, "no way to the database")
        case "sleep":
            // The answer is for the process that runs the test.
            kill(getpid(), SIGTERM)
            try await Task.sleep(for: .seconds(50))
        case "ignore":
            kill(getpid(), SIGTERM)
            while true { try? await Task.sleep(for: .seconds(50)) }
        default: break
        }
    }

    func stop() async { LogOutput.standardError.write("stopped \(name)") }

    static let routes = Routes<Slow> {}
}

/// Compiles, although a container can't create it: an initialiser with a default argument does not satisfy `init()`.
private actor Unmakeable: Interface {
    private let stock: [String: Int]
    init(stock: [String: Int] = [:]) { self.stock = stock }
    static let routes = Routes<Unmakeable> {}
}

private struct Program: ServiceCommand {
    static let interfaces: [any Interface.Type] = [Slow.self, Unmakeable.self]
    static let commandName = "Program"

    /// Runs the service with two interfaces, the second of which behaves as configured, and ends the process.
    static func run(
        _ behaviour: String, _ type: String = "Slow", patience: Duration = .seconds(15)
    ) async throws -> Never {
        let signals = SignalWatch(others: [SIGHUP])
        let folder = try Folder()
        let file = try folder.write(
            "interfaces: {first: {class: Slow}, second@1.2.0: {class: \(type), 'on': \(behaviour)}}", to: "conf.yml")
        let options = try ServiceOptions<Program>.parse(["--isolated", "-c", file])
        exit(await ServiceRun(options, signals: signals, patience: patience, environment: [:]).run().rawValue)
    }
}

@Suite("The start of a service", .timeLimit(.minutes(1)))
struct ServiceStartTests {
    private func lines(_ result: ExitTest.Result?) throws -> [String] {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    /// The last line but one; the last one names an article.
    private func failure(_ result: ExitTest.Result?, explainedIn section: String) throws -> String? {
        let lines = try lines(result)
        #expect(lines.last == "Program: see \"\(section)\" in the article \"When something goes wrong\"")
        return lines.dropLast().last
    }

    @Test("an interface that can't be created is reported by name, instead of overflowing the stack")
    func unmakeable() async throws {
        let result = await #expect(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            try await Program.run("nothing", "Unmakeable")
        }
        #expect(
            try failure(result, explainedIn: "An interface is described wrongly")?.hasPrefix(
                "Program: interface second@1.2.0 (Unmakeable): it can't be created, because it has neither init() nor ")
                == true)
    }

    @Test("SIGTERM cancels start(); interfaces that have started are stopped, and the status is 0")
    func cancelled() async throws {
        let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
            try await Program.run("sleep")
        }
        let lines = try lines(result)
        #expect(lines.contains("stopped first"))
        #expect(!lines.contains("stopped second"))
        #expect(lines.last?.hasSuffix(" INFO Program: stopped") == true)
    }

    @Test("a start() that ignores its cancellation is reported by name")
    func ignored() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            try await Program.run("ignore", patience: .milliseconds(500))
        }
        #expect(
            try lines(result).last == "start() of the interface second@1.2.0 (Slow) has not ended although it was "
                + "cancelled: the process ends anyway")
    }

    @Test("an error that an interface throws is reported with its name", arguments: ["init", "start"])
    func failure(place: String) async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) { [place] in
            try await Program.run(place)
        }
        #expect(
            try failure(result, explainedIn: "An interface can't start")
                == "Program: the interface second@1.2.0 (Slow) could not start: NoDatabase()")
    }

    @Test("a library error that an interface throws counts as the interface's")
    func libraryError() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            try await Program.run("call")
        }
        #expect(
            try failure(result, explainedIn: "The address can't be used")
                == "Program: the interface second@1.2.0 (Slow) could not start: no way to the database")
    }
}
