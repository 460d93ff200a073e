import Logging
import Lymph
import Testing

@testable import LymphFleet

@Suite("Reading the logs of services", .timeLimit(.minutes(1)))
struct TailTests {
    /// A process in the test: a published log and its entry in the registry.
    private struct Publishing {
        let publisher = LogPublisher()
        let instance: ServiceInstance

        init(port: UInt16) async throws {
            var instance = ServiceInstance(
                service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: port), id: "\(port)")
            instance.logEndpoint = try await publisher.open(ip: "127.0.0.1")
            self.instance = instance
        }

        /// Publishes a line as soon as it is subscribed to.
        func say(_ text: String) async throws {
            while !publisher.isWanted(.info) { try await Task.sleep(for: .milliseconds(1)) }
            publisher.publish(.info) { text }
        }
    }

    @Test("lines of all instances are read, including later ones")
    func follows() async throws {
        let registry = StaticRegistry()
        let first = try await Publishing(port: 1)
        try await registry.register(first.instance)
        let (lines, written) = AsyncStream.makeStream(of: String.self)
        let (notes, noted) = AsyncStream.makeStream(of: Tail.News.self)
        let tail = Tail([try FleetAddress("echo")], in: registry) { line in
            written.yield("\(line.publisher?.endpoint.port ?? 0) \(line.record.text)")
        } note: {
            noted.yield($0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await tail.run(levels: PythonLevel.info.andAbove) }
            var iterator = lines.makeAsyncIterator()
            try await first.say("one")
            #expect(await iterator.next() == "1 one")
            let second = try await Publishing(port: 2)
            try await registry.register(second.instance)
            try await second.say("two")
            #expect(await iterator.next() == "2 two")
            try await first.say("three")
            #expect(await iterator.next() == "1 three")
            await registry.unregister(first.instance)
            await registry.unregister(second.instance)
            var news = notes.makeAsyncIterator()
            #expect(await news.next() == .silent(try FleetAddress("echo")))
            while second.publisher.isWanted(.info) { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
            await second.publisher.close()
        }
        await first.publisher.close()
    }

    @Test("a name that was never registered is an error")
    func unknown() async throws {
        let tail = Tail([try FleetAddress("echo")], in: StaticRegistry()) { _ in
        } note: { _ in
        }
        let error = await #expect(throws: RegistryError.self) { try await tail.run(levels: PythonLevel.allCases) }
        #expect(error?.code == .lookupFailure)
    }

    @Test("an error while writing ends the reading")
    func broken() async throws {
        let registry = StaticRegistry()
        let process = try await Publishing(port: 1)
        try await registry.register(process.instance)
        let tail = Tail([try FleetAddress("echo")], in: registry) { _ in
            throw FleetFailure(.other, "full")
        } note: { _ in
        }
        async let said: Void = process.say("one")
        let error = await #expect(throws: FleetFailure.self) { try await tail.run(levels: PythonLevel.allCases) }
        #expect(error?.message == "full")
        try await said
        await process.publisher.close()
    }
}
