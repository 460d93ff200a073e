import Dispatch
import Foundation
import Load
import Lymph

/// What becomes of requests for an actor that is busy, if the time of nine out of ten is over before it gets to them.
enum ExpiryInQueue {
    struct Result: Encodable, Sendable {
        let requests: Int
        /// The requests that were refused as `expired`, and those that were answered.
        let refused, answered: Int
        /// How often the method was executed.
        let executed: Int
        /// From a request's deadline to its refusal, as its caller sees it.
        let lateness: Spread
    }

    private static let timeout = 250

    static func measure(_ arguments: Arguments) async throws -> Result {
        let requests = arguments["calls", default: 1000]
        let clerk = Clerk()
        let container = try ServiceContainer(
            interfaces: [.init(as: "clerk") { _ in clerk }], registry: StaticRegistry())
        return try await withServiceContainer(container) { endpoint in
            let (replies, lateness) = try await onThread { () throws -> (Int, [UInt64]) in
                let caller = RawCaller(endpoint)
                try caller.request("clerk.block", number: -1, timeout: 60_000)
                clerk.isBlocked.wait()
                let late = try expired(of: requests, caller)
                clerk.mayGoOn.signal()
                return (try answered(requests - late.count, caller), late)
            }
            return try await withClient(Client(registry: StaticRegistry())) { client in
                let observer = Observer(client: client)
                try await observer.awaitRest(of: [endpoint])
                let counted = try await observer.metric(
                    "lymph.server.requests", ("outcome", "nack_expired"), at: endpoint)
                guard counted == lateness.count else { fail("\(counted) are counted, \(lateness.count) came") }
                return Result(
                    requests: requests, refused: lateness.count, answered: replies, executed: await clerk.executions,
                    lateness: Spread(nanoseconds: lateness))
            }
        }
    }

    /// Sends the requests, and reads the refusals of those that expire.
    ///
    /// - Returns: How long after its deadline each of these was refused.
    private static func expired(of requests: Int, _ caller: borrowing RawCaller) throws -> [UInt64] {
        var deadlines: [UInt64] = []
        for number in 0..<requests {
            let expires = !number.isMultiple(of: 10)
            deadlines.append(now() + UInt64(timeout) * 1_000_000)
            try caller.request("clerk.work", number: number, timeout: expires ? timeout : 60_000)
        }
        return try (0..<requests - (requests + 9) / 10).map { _ in
            let answer = try caller.answer()
            let time = now()
            guard answer.kind == "NACK", answer.reason == "expired", !answer.number.isMultiple(of: 10) else {
                fail("the answer to \(answer.number) is \(answer.kind), \(answer.reason ?? "-")")
            }
            // The service counts whole milliseconds from the arrival, so a refusal can't come too soon.
            return time - min(time, deadlines[answer.number])
        }
    }

    /// Reads the answers to the rest, and that of the method that blocked.
    private static func answered(_ rest: Int, _ caller: borrowing RawCaller) throws -> Int {
        for _ in 0...rest {
            let answer = try caller.answer()
            guard answer.kind == "REP", answer.number == -1 || answer.number.isMultiple(of: 10) else {
                fail("the answer to \(answer.number) is \(answer.kind), \(answer.reason ?? "-")")
            }
        }
        return rest
    }
}

/// Its methods have to wait while one of them blocks.
private actor Clerk: Interface {
    nonisolated let isBlocked = DispatchSemaphore(value: 0)
    nonisolated let mayGoOn = DispatchSemaphore(value: 0)
    private(set) var executions = 0

    init() {}

    static let routes = Routes<Clerk> {
        RPC("block") { clerk in clerk.block() }
        RPC("work") { clerk in clerk.executions += 1 }
    }

    private func block() {
        isBlocked.signal()
        mayGoOn.wait()
    }
}

/// Runs `body`, which may block, on a thread of its own.
private func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: body)) }
    }
}
