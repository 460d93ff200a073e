import ArgumentParser
import Glibc
import Lymph
import ServiceLifecycle
import Testing

@testable import LymphService

/// A dependency that says what happens to it.
private struct Database: Service {
    let name: String
    var failure: (any Error)?
    /// Told when the last interface has started, which otherwise stops the program.
    var started: AsyncStream<Void>.Continuation?

    func run() async throws {
        LogOutput.standardError.write("\(name) runs")
        if let failure { throw failure }
        try? await gracefulShutdown()
        LogOutput.standardError.write("\(name) is closed")
    }
}

private struct Unreachable: Error {}

private actor Orders: Interface {
    let context: InterfaceContext
    private let database: Database

    init(context: InterfaceContext, database: Database) {
        self.context = context
        self.database = database
    }

    func start() async throws {
        LogOutput.standardError.write("\(name) uses \(database.name)")
        guard name == "second" else { return }
        // The answer is for the process that runs the test.
        if database.started == nil { kill(getpid(), SIGTERM) }
        database.started?.yield()
    }

    func stop() async { LogOutput.standardError.write("stopped \(name)") }

    static var routes: Routes<Orders> {
        RPC("count") { _ in 0 }
    }
}

private actor Other: Interface {
    static var routes: Routes<Other> {}
}

private protocol TestProgram: ServiceCommand {}

extension TestProgram {
    static var interfaces: [any Interface.Type] { [Orders.self] }
    static var commandName: String { "Program" }

    static func run() async throws {
        let signals = SignalWatch(others: [SIGHUP])
        let folder = try Folder()
        let file = try folder.write(
            "{database: {path: /data}, interfaces: {first: {class: Orders}, second: {class: Orders}}}", to: "conf.yml")
        let options = try ServiceOptions<Self>.parse(["--isolated", "-c", file])
        let status = await ServiceRun(options, signals: signals, patience: .seconds(30), environment: [:]).run()
        exit(status.rawValue)
    }
}

private struct Shop: TestProgram {
    static func prepare(_ setup: inout ServiceSetup) async throws {
        await Task.yield()
        let database = Database(name: try setup.configuration.get("database.path"))
        setup.run(database)
        setup.run(Database(name: "cache"))
        setup.run {
            LogOutput.standardError.write("the loop runs")
            defer { LogOutput.standardError.write("the loop has ended") }
            try await Task.sleep(for: .seconds(300))
        }
        setup.run { [client = setup.client] in
            // Ends when it is cancelled, and not with the error of a client that has stopped.
            try await client.proxy("nobody", timeout: .seconds(300)).with(waitForReady: true).call("anything")
        }
        setup.run {}
        setup.make(Orders.self) { context in Orders(context: context, database: database) }
    }
}

private struct Unprepared: TestProgram {
    static func prepare(_ setup: inout ServiceSetup) async throws { throw Unreachable() }
}

private struct Failing: TestProgram {
    static func prepare(_ setup: inout ServiceSetup) async throws {
        let database = Database(name: "failing", failure: Unreachable())
        setup.run(database)
        setup.make(Orders.self) { context in
            // Otherwise the second interface would stop the program.
            try await Task.sleep(for: .seconds(300))
            return Orders(context: context, database: database)
        }
    }
}

/// One of its services fails while the interfaces are running.
private struct Breaking: TestProgram {
    static func prepare(_ setup: inout ServiceSetup) async throws {
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let database = Database(name: "other", started: continuation)
        setup.run(database)
        setup.run {
            for await _ in started { throw Unreachable() }
        }
        setup.make(Orders.self) { context in Orders(context: context, database: database) }
    }
}

private struct Unlisted: TestProgram {
    static func prepare(_ setup: inout ServiceSetup) async throws { setup.make(Other.self) { _ in Other() } }
}

private struct Missetting: TestProgram {
    static func prepare(_ setup: inout ServiceSetup) async throws {
        _ = try setup.configuration.get("database.port", as: Int.self)
    }
}

@Suite("What interfaces share", .timeLimit(.minutes(1)))
struct ServiceSetupTests {
    private func lines(_ result: ExitTest.Result?) throws -> [String] {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    /// The last line, apart from one that names an article.
    private func text(_ result: ExitTest.Result?) throws -> String {
        try lines(result).last { !$0.hasPrefix("Program: see ") } ?? ""
    }

    @Test("it is made before the interfaces and closed after them")
    func order() async throws {
        let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
            try await Shop.run()
        }
        let lines = try lines(result)
        let events = [
            "first uses /data", "second uses /data", "stopped second", "stopped first", "the loop has ended",
            "cache is closed", "/data is closed",
        ]
        #expect(lines.filter(events.contains) == events)
        #expect(Set(["/data runs", "cache runs", "the loop runs"]).isSubset(of: lines))
    }

    @Test("main returns after a stop, and signals end the process again")
    func returning() async throws {
        let result = await #expect(processExitsWith: .signal(SIGTERM), observing: [\.standardErrorContent]) {
            let folder = try Folder()
            let file = try folder.write(
                "{database: {path: /data}, interfaces: {second: {class: Orders}}}", to: "conf.yml")
            await Shop.main(["--isolated", "-c", file])
            LogOutput.standardError.write("main has returned")
            LineWriter.flushAll()
            kill(getpid(), SIGTERM)
            // The signal comes first.
            try await Task.sleep(for: .seconds(50))
        }
        #expect(try text(result) == "main has returned")
    }

    @Test("an error while it is made ends the program")
    func unprepared() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            try await Unprepared.run()
        }
        let text = try text(result)
        #expect(text == "Program: Unreachable()")
    }

    @Test("an error while it runs drains the program, which ends with it")
    func failing() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            try await Failing.run()
        }
        let text = try text(result)
        #expect(text == "Program: Unreachable()")
    }

    @Test("an error while the interfaces run stops them before what they use")
    func breaking() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            try await Breaking.run()
        }
        let events = [
            "second uses other", "stopped second", "stopped first", "other is closed",
            "Program: a function that prepare runs has failed: Unreachable()",
        ]
        #expect(try lines(result).filter(events.contains) == events)
    }

    @Test("a type that the program does not list is a mistake")
    func unlisted() async throws {
        let result = await #expect(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            try await Unlisted.run()
        }
        let text = try text(result)
        #expect(text == "Program: prepare makes Other, which interfaces does not list")
    }

    @Test("a mistake in its part of the configuration is reported with its place")
    func missetting() async throws {
        let result = await #expect(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            try await Missetting.run()
        }
        let text = try text(result)
        #expect(text.hasSuffix("conf.yml:1: database.port: is missing; allowed: a whole number"))
    }
}
