internal import Lymph
internal import MessagePack

/// Records the calls of one process of the network.
struct CallRecorder: ClientInterceptor {
    let caller: String
    let log: CallLog
    let clock: TestClock
    /// Told of a call of something that is not there.
    let strangers: Strangers

    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message {
        try await record(call, next)
    }

    // In the network's time, wherever the caller runs: an automatic clock must not advance between the answer and
    // the end of the waiting.
    @concurrent private func record(_ call: OutgoingCall, _ next: ClientChain) async throws -> Message {
        let number = log.begin(RecordedCall(caller, call, at: clock.now))
        clock.beginWaiting()
        defer { clock.endWaiting() }
        do {
            let answer = try await next(call)
            log.end(number, .success(answer), at: clock.now)
            return answer
        } catch {
            log.end(number, .failure(error), at: clock.now)
            await strangers.check(call, by: caller, error)
            throw error
        }
    }
}

/// Records the requests that reach the methods of one process.
struct RequestRecorder: ServiceInterceptor {
    let log: CallLog
    let clock: TestClock
    /// Whether the methods are mocked: nobody has to wait for those.
    let isMock: Bool

    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        guard !request.isBuiltin else { return await next() }
        let arguments = SentArguments(bytes: request.message.payload.withUnsafeBytes { [UInt8]($0) })
        let number = log.beginRequest(
            .init(subject: request.subject, arguments: arguments, time: clock.now), isWatched: !isMock)
        defer { log.endRequest(number) }
        return await next()
    }
}
