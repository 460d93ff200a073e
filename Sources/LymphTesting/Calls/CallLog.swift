internal import Lymph
internal import MessagePack

internal import class ZeroMQ.Lock

/// What happens in a network: its calls, and the requests that its services are handling.
final class CallLog: Sendable {
    /// A request that a method is handling.
    struct RunningRequest {
        let subject: String
        let arguments: SentArguments
        let time: TestClock.Instant
    }

    fileprivate struct Waiter {
        let subject: String
        let count: Int
        let gate: Gate<RecordedCall>
    }

    fileprivate struct State {
        var calls: [RecordedCall] = []
        var running: [Int: RunningRequest] = [:]
        var counts: [String: Int] = [:]
        var waiters: [Int: Waiter] = [:]
        var lastNumber = 0
        var events = 0
    }

    private let state = Lock(State())

    var calls: [RecordedCall] { state.withLock(\.calls) }

    /// The requests that methods are handling, oldest first.
    var running: [RunningRequest] { state.withLock { $0.running.sorted { $0.key < $1.key }.map(\.value) } }

    /// How many calls and requests have begun or ended, to see whether anything happens.
    var events: Int { state.withLock(\.events) }

    func requestCount(of subject: String) -> Int { state.withLock { $0.counts[subject, default: 0] } }

    // MARK: Calls

    /// - Returns: The number of the call.
    func begin(_ call: RecordedCall) -> Int {
        let (number, waiters) = state.withLock { state in
            state.events += 1
            state.calls.append(call)
            return (state.calls.count - 1, state.takeWaiters())
        }
        for (gate, call) in waiters { gate.open(.success(call)) }
        return number
    }

    func end(_ number: Int, _ result: Result<Message, any Error>, at time: TestClock.Instant) {
        state.withLock { state in
            state.events += 1
            state.calls[number].endTime = time
            state.calls[number].result = result
        }
    }

    /// Returns a method's call of this number, counted from 1, as soon as it begins.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func wait(for subject: String, count: Int) async throws -> RecordedCall {
        let gate = Gate<RecordedCall>()
        let number = state.withLock { state in
            state.lastNumber += 1
            if let call = state.call(count, of: subject) {
                gate.open(.success(call))
            } else {
                state.waiters[state.lastNumber] = Waiter(subject: subject, count: count, gate: gate)
            }
            return state.lastNumber
        }
        defer { state.withLock { state in state.waiters[number] = nil } }
        return try await gate.value()
    }

    /// What tasks wait for.
    var awaited: [String] { state.withLock { $0.waiters.values.map(\.subject).sorted() } }

    // MARK: Requests

    /// A request has reached a method.
    ///
    /// - Parameter isWatched: Whether the method has to return before the test ends.
    /// - Returns: The number of the request.
    func beginRequest(_ request: RunningRequest, isWatched: Bool) -> Int {
        state.withLock { state in
            state.events += 1
            state.counts[request.subject, default: 0] += 1
            state.lastNumber += 1
            if isWatched { state.running[state.lastNumber] = request }
            return state.lastNumber
        }
    }

    func endRequest(_ number: Int) {
        state.withLock { state in
            state.events += 1
            state.running[number] = nil
        }
    }
}

extension CallLog.State {
    fileprivate func call(_ count: Int, of subject: String) -> RecordedCall? {
        calls.lazy.filter { $0.subject == subject }.dropFirst(count - 1).first
    }

    /// Removes and returns those whose call has begun.
    fileprivate mutating func takeWaiters() -> [(Gate<RecordedCall>, RecordedCall)] {
        waiters.sorted { $0.key < $1.key }.compactMap { number, waiter in
            guard let call = call(waiter.count, of: waiter.subject) else { return nil }
            waiters[number] = nil
            return (waiter.gate, call)
        }
    }
}
