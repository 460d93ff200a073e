import Foundation
import Lymph
import LymphService
import MessagePack
import Testing

@Suite("The examples", .timeLimit(.minutes(2)))
struct ExampleTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Examples").standardized

    /// Copies the configurations, changed so that they repeat without a pause what they repeat every few seconds, and
    /// don't wait for a method whose caller has given up.
    private func copyConfigurations(to folder: Folder) throws {
        let source = Self.examples.appending(path: "conf").path
        try FileManager.default.createDirectory(atPath: "\(folder.path)/conf", withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: source) {
            let text = try String(contentsOfFile: "\(source)/\(name)", encoding: .utf8)
            let hasty = text.replacing(/(?<key>interval|restock_every|drain_timeout): \d+s/) { "\($0.key): 50ms" }
            try folder.write(hasty, to: "conf/\(name)")
        }
    }

    @Test("the services in .lymph.yml, started by its commands, find and call each other")
    func all() async throws {
        let folder = try Folder()
        let file = Self.examples.appending(path: ".lymph.yml").path
        let instances = try ProcessConfiguration.load(file: file, variables: [], environment: [:]).instances()
        try copyConfigurations(to: folder)
        var processes: [String: ServiceProcess] = [:]
        for instance in instances {
            let program = try #require(instance.command.first?.split(separator: "/").last)
            // The files are named from the root of the package.
            let arguments = instance.command.dropFirst().map { $0.replacing("Examples/", with: "\(folder.path)/") }
            let process = try ServiceProcess(String(program), arguments, in: folder)
            _ = try await process.endpoint()
            processes[instance.name] = process
        }
        let echo = try #require(processes["echo"])
        let greeter = try #require(processes["greeter"])
        let demo = try #require(processes["demo"])
        #expect(await demo.line("a deferred call")?.contains("result=LATER interface=demo trace_id=round-1") == true)
        #expect(await demo.line("an error")?.contains(#"remote_error="DivisionByZero: b must not be 0""#) == true)
        #expect(await demo.line("takes longer")?.contains(#"error="timeout: echo.sleep"#) == true)
        #expect(await demo.line("isn't there")?.contains("rejected") == true)
        #expect(await demo.line("round 1 is over") != nil)
        #expect(await echo.line(#"no method \"lower\""#)?.hasSuffix("trace_id=round-1") == true)
        #expect(await greeter.line("GOOD MORNING, ADA!") != nil)
        #expect(await greeter.line("greeter.greet")?.contains(#"answer="reply of "#) == true)
        try await withClient(folder.client()) { client in
            let rounds: Int = try await client.proxy("demo").rounds()
            #expect(rounds > 0)
        }
        let orders = try #require(processes["orders"])
        try await withClient(folder.client()) { client in
            let shop = client.proxy("orders").with(timeout: .seconds(60), waitForReady: true)
            let inventory = client.proxy("inventory").with(timeout: .seconds(60), waitForReady: true)
            try await inventory.add(sku: "apple", quantity: 1)
            try await shop.place(lines: [["sku": "apple", "quantity": 1] as Value])
            // The loop beside the interfaces adds ten pieces.
            #expect(await orders.line("added")?.contains("sku=apple") == true)
            #expect(await orders.line("quantity=10") != nil)
        }
        for process in [demo, greeter, echo, orders] {
            process.signal(SIGTERM)
            #expect(await process.exitStatus() == 0)
        }
    }
}
