internal import Lymph

internal import class ZeroMQ.Lock

/// A service whose methods are mocked.
final class MockedService: Sendable {
    private struct Method {
        var answers: [MockAnswer]
        var next = 0
    }

    private struct State {
        var methods: [String: Method] = [:]
        var instances: [TestService] = []
        /// Kept, because a channel that nobody keeps answers with NACK.
        var silenced: [ReplyChannel] = []
        var problems: [String] = []
    }

    private let name: String
    private let version: Version?
    private let clock: TestClock
    private let state = Lock(State())

    init(_ name: String, _ version: Version?, _ clock: TestClock) {
        self.name = name
        self.version = version
        self.clock = clock
    }

    /// The interface with the methods that are mocked now.
    var definition: InterfaceDefinition {
        InterfaceDefinition(as: name, version: version) { _ in MockInterface(self) }
    }

    var methods: [String] { state.withLock { $0.methods.keys.sorted() } }
    var instances: [TestService] { state.withLock(\.instances) }

    /// Mistakes of the mocks, for people.
    var problems: [String] { state.withLock(\.problems) }

    func add(_ instance: TestService) { state.withLock { $0.instances.append(instance) } }

    /// Mocks a method, or mocks it anew.
    ///
    /// - Parameter answers: The answers to its requests in turn; the last one is repeated.
    func mock(_ method: String, _ answers: [MockAnswer]) async throws {
        state.withLock { $0.methods[method] = Method(answers: answers) }
        for instance in instances { try await instance.container.replace([definition]) }
    }

    /// Releases the instances, which retain this object, and the unanswered requests.
    func removeAll() {
        let state = state.withLock { state in
            defer { (state.instances, state.silenced) = ([], []) }
            return state
        }
        // Outside of the lock, because channels tell their callers when they go away.
        _ = state
    }

    // MARK: Answering

    func answer(_ method: String, _ channel: ReplyChannel, _ message: Message) async {
        guard let answer = takeAnswer(of: method) else { return }
        if answer.delay > .zero {
            do { try await clock.sleep(for: answer.delay) } catch { return await channel.nack() }
        }
        do {
            switch answer.kind {
            case .reply(let result): try await channel.reply(result)
            case .acknowledgement: await channel.ack()
            case .error(let error): await channel.error(error)
            case .refusal(let refusal): await channel.nack(reason: refusal.reason, detail: refusal.detail)
            case .silence: state.withLock { $0.silenced.append(channel) }
            case .function(let function): try await call(function, message, channel)
            }
        } catch {
            let failure = (error as? TestFailure)?.description ?? "the result can't be encoded: \(error)"
            state.withLock { $0.problems.append("the mock of \(name).\(method): \(failure)") }
            await channel.nack(detail: failure)
        }
    }

    private func call(
        _ function: @Sendable (SentArguments) async throws -> any Encodable & Sendable, _ message: Message,
        _ channel: ReplyChannel
    ) async throws {
        let result: any Encodable & Sendable
        do {
            result = try await function(SentArguments(bytes: message.payload.withUnsafeBytes { [UInt8]($0) }))
        } catch let failure as TestFailure {
            throw failure
        } catch let refusal as Refusal {
            return await channel.nack(reason: refusal.reason, detail: refusal.detail)
        } catch let error as LymphError {
            return await channel.nack(reason: error.reason ?? .failed, detail: error.message)
        } catch is CancellationError {
            return await channel.nack()
        } catch {
            return await channel.error(error)
        }
        try await channel.reply(result)
    }

    private func takeAnswer(of method: String) -> MockAnswer? {
        state.withLock { state in
            guard let mocked = state.methods[method] else { return nil }
            state.methods[method]?.next = min(mocked.next + 1, mocked.answers.count - 1)
            return mocked.answers[mocked.next]
        }
    }
}

/// One instance of a mocked service.
private actor MockInterface: Interface {
    private let service: MockedService

    init(_ service: MockedService) { self.service = service }

    nonisolated var routes: Routes<MockInterface> {
        for method in service.methods {
            RawRPC(method) { me, channel, message in await me.service.answer(method, channel, message) }
        }
    }
}
