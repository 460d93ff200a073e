import Logging
import Lymph
import Testing
import ZeroMQ

/// What becomes of calls in flight when the process that has them is killed.
@Suite("Calls to an instance that is killed", .timeLimit(.minutes(2)), .serialized)
struct KilledTests {
    private struct Call: Sendable {
        let isIdempotent: Bool
        /// Whether it was in flight when the instance was killed.
        let isEarly: Bool
        /// The code of its error; nil if it was answered.
        let code: LymphError.Code?
    }

    @Test(
        "they are answered elsewhere or end, long before their timeouts, be it one of three or the only one",
        arguments: [1, 3])
    func killed(instances count: Int) async throws {
        let folder = try Folder()
        var processes: [ServiceProcess] = []
        var endpoints: [String] = []
        for _ in 0..<count {
            processes.append(try ServiceProcess("Echo", [], in: folder))
            endpoints.append(try await processes[processes.count - 1].endpoint())
        }
        // It doesn't report that an instance is gone.
        let registry = try StaticRegistry(["echo": endpoints])
        let client = Client(registry: registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (isKilled, answers, calls) = (Lock(false), Lock(0), Lock<[Call]>([]))
        try await withClient(client) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<32 {
                    let isIdempotent = worker % 2 == 0
                    let echo = client.proxy("echo", timeout: .seconds(60)).with(idempotent: isIdempotent)
                    group.addTask {
                        var isEarly = true
                        while isEarly {
                            isEarly = !isKilled.withLock(\.self)
                            var code: LymphError.Code?
                            do { try await echo.call("sleep", seconds: 0.05) } catch let error as LymphError {
                                code = error.code
                            }
                            answers.withLock { $0 += 1 }
                            guard isKilled.withLock(\.self) else { continue }
                            calls.withLock { [code, isEarly] calls in
                                calls.append(Call(isIdempotent: isIdempotent, isEarly: isEarly, code: code))
                            }
                        }
                    }
                }
                while answers.withLock({ $0 < 500 }) { try await Task.sleep(for: .milliseconds(1)) }
                isKilled.withLock { $0 = true }
                processes[0].signal(9)
                try await group.waitForAll()
            }
        }
        let all = calls.withLock(\.self)
        #expect(all.contains { $0.code == .connectionLost })
        #expect(all.allSatisfy { !$0.isEarly || $0.code == nil || $0.code == .connectionLost })
        if count > 1 { #expect(all.allSatisfy { !$0.isIdempotent || $0.code == nil }) }
    }
}
