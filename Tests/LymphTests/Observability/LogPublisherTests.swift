import Logging
import Testing

@testable import Lymph
@testable import ZeroMQ

@Suite("The log of a process, published", .timeLimit(.minutes(1)))
struct LogPublisherTests {
    /// A subscriber on the thread of the test.
    private final class Subscriber {
        private let context: Context
        private let socket: Socket
        private let message = Multipart()

        init(to endpoint: String, _ topics: [String]) throws {
            context = try Context()
            socket = try Socket(.subscriber, in: context)
            for topic in topics { try socket.set(.subscribe, topic) }
            try socket.connect(endpoint)
        }

        /// The next message; nil if none comes for a while.
        func next() async throws -> [String]? {
            for _ in 0..<3000 {
                if try socket.receive(into: message) == .done {
                    return (0..<message.count).map { index in
                        message.withUnsafeBytes(at: index) { String(decoding: $0, as: UTF8.self) }
                    }
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            return nil
        }

        func close() {
            socket.close()
            context.terminate()
        }
    }

    /// Waits until the publisher knows of a subscription.
    private func untilWanted(_ level: Logger.Level, by publisher: LogPublisher, _ isWanted: Bool = true) async throws {
        while publisher.isWanted(level) != isWanted { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("a message has level, address and line, as in Python lymph, and needs a subscription")
    func frames() async throws {
        let publisher = LogPublisher()
        let endpoint = try await publisher.open(ip: "127.0.0.1")
        #expect(Endpoint(endpoint) != nil)
        let subscriber = try Subscriber(to: endpoint, ["WARNING", "ERROR"])
        try await untilWanted(.error, by: publisher)
        try await untilWanted(.warning, by: publisher)
        publisher.publish(.info) { "one" }
        publisher.publish(.warning) { "two" }
        publisher.publish(.error) { "thrée" }
        #expect(try await subscriber.next() == ["WARNING", endpoint, "two"])
        #expect(try await subscriber.next() == ["ERROR", endpoint, "thrée"])
        subscriber.close()
        await publisher.close()
    }

    @Test("a line without a subscriber is not even formatted")
    func unwanted() async throws {
        let publisher = LogPublisher()
        publisher.publish(.critical) { fatalError("nobody has subscribed") }
        let endpoint = try await publisher.open(ip: "127.0.0.1")
        let subscriber = try Subscriber(to: endpoint, ["ERROR"])
        try await untilWanted(.error, by: publisher)
        publisher.publish(.critical) { fatalError("nobody has subscribed to this level") }
        subscriber.close()
        try await untilWanted(.error, by: publisher, false)
        publisher.publish(.error) { fatalError("nobody has subscribed any more") }
        await publisher.close()
        publisher.publish(.error) { fatalError("it is closed") }
    }

    @Test("lines that don't fit are dropped, counted and reported")
    func dropped() async throws {
        let publisher = LogPublisher(queue: LogQueue(countLimit: 10, byteLimit: 1000))
        let endpoint = try await publisher.open(ip: "127.0.0.1")
        let subscriber = try Subscriber(to: endpoint, [""])
        try await untilWanted(.info, by: publisher)
        // On its own thread, which therefore can't send in between.
        await publisher.flood(25)
        for number in 0..<10 { #expect(try await subscriber.next() == ["INFO", endpoint, "\(number)"]) }
        let report = "15 log lines were dropped: too many at once"
        #expect(try await subscriber.next() == ["WARNING", endpoint, report])
        subscriber.close()
        await publisher.close()
    }

    @Test("a subscriber that doesn't read costs nothing")
    func slow() async throws {
        let publisher = LogPublisher()
        let endpoint = try await publisher.open(ip: "127.0.0.1")
        let subscriber = try Subscriber(to: endpoint, [""])
        try await untilWanted(.info, by: publisher)
        let line = String(repeating: "x", count: 1000)
        for _ in 0..<100_000 { publisher.publish(.info) { line } }
        // It can still be used by its thread.
        #expect(publisher.isWanted(.info))
        await publisher.close(grace: .zero)
        subscriber.close()
    }

    @Test("an address that can't be bound is an error", arguments: ["192.0.2.1", "nonsense", "", "::g"])
    func badAddress(ip: String) async throws {
        let publisher = LogPublisher()
        let error = await #expect(throws: LymphError.self) { _ = try await publisher.open(ip: ip) }
        #expect(error?.code == .bindFailure)
        let endpoint = try await publisher.open(ip: "127.0.0.1")
        let second = await #expect(throws: LymphError.self) { _ = try await publisher.open(ip: "127.0.0.1") }
        #expect(second?.code == .alreadyRunning)
        #expect(endpoint.hasPrefix("tcp://127.0.0.1:"))
        await publisher.close()
    }

    @Test("levels have Python's names")
    func names() {
        #expect(
            Logger.Level.allCases.map(\.pythonName) == [
                "DEBUG", "DEBUG", "INFO", "INFO", "WARNING", "ERROR", "CRITICAL",
            ])
    }
}

extension LogPublisher {
    fileprivate func flood(_ count: Int) {
        for number in 0..<count { publish(.info) { "\(number)" } }
    }
}
