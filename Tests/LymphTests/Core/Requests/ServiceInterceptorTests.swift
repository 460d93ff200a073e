import Testing
import ZeroMQ

@testable import Lymph

@Suite("Interceptors that call the next one twice")
struct ServiceInterceptorTests {
    private let counts = Counts()

    /// Calls `next` twice, and returns what it gets the second time.
    private struct Again: ServiceInterceptor {
        func intercept(_ request: Request, next: ServiceChain) async -> Answer {
            _ = await next()
            return await next()
        }
    }

    private struct Once: ServiceInterceptor {
        let counts: Counts

        func intercept(_ request: Request, next: ServiceChain) async -> Answer {
            counts.add("inner")
            return await next()
        }
    }

    /// Calls `next` twice at the same time, and returns the refusal of one.
    private struct Both: ServiceInterceptor {
        func intercept(_ request: Request, next: ServiceChain) async -> Answer {
            async let first = next()
            async let second = next()
            let answers = await [first, second]
            return answers.first { if case .nack = $0 { true } else { false } } ?? answers[0]
        }
    }

    /// Calls `next` twice, and answers something else.
    private struct Other: ServiceInterceptor {
        func intercept(_ request: Request, next: ServiceChain) async -> Answer {
            _ = await next()
            _ = await next()
            return .reply([1])
        }
    }

    private func run(
        _ interceptors: [any ServiceInterceptor], _ method: @escaping @Sendable (any ServerRequest) async -> Answer
    ) async -> Answer {
        let message = Message(
            id: .number(1), kind: .request, purpose: .call("echo.upper"), headers: Headers(), payload: .bytes([0x80]))
        let handler = Handler(name: "upper", interface: StubInterface(calls: 0)) { _, _ in
            .channel()
        }
        let address = ReplyAddress(id: .number(1), peer: .number(1), trace: TraceID("abc"))
        let request = Work(handler, message, address, counts, place: 0)
        return await ServiceInterceptors(interceptors).run(request) { [counts] request in
            counts.add("method")
            return await method(request)
        }
    }

    private func refusal(_ answer: Answer) -> Refusal? {
        if case .nack(let refusal) = answer { refusal } else { nil }
    }

    @Test("are refused the second time, and nothing that comes after them runs again")
    func again() async {
        let answer = await run([Once(counts: counts), Again(), Once(counts: counts)]) { _ in .reply([7]) }
        #expect(counts.all == ["inner", "inner", "method"])
        let refusal = refusal(answer)
        #expect(refusal?.reason == .failed)
        #expect(refusal?.text == "Again called next twice; the method ran only once")
        #expect(refusal?.detail == nil)
    }

    @Test("at the same time are refused as well")
    func both() async {
        let answer = await run([Both()]) { _ in .reply([7]) }
        #expect(counts.all == ["method"])
        #expect(refusal(answer)?.text == "Both called next twice; the method ran only once")
    }

    @Test("of a raw method don't answer in addition: it is logged", arguments: [false, true])
    func raw(isConcurrent: Bool) async {
        let answer = await run([isConcurrent ? Both() : Again()]) { request in
            request.answers.send(.ack, [0xc0], reason: nil, detail: nil, headers: [:])
            return .channel()
        }
        #expect(counts.all == ["method", "ACK", "report failed"])
        guard case .channel(first: .ack) = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test("may still answer themselves")
    func other() async {
        let answer = await run([Other()]) { _ in .channel() }
        #expect(counts.all == ["method"])
        guard case .reply([1]) = answer else {
            Issue.record("\(answer)")
            return
        }
    }
}

/// What has happened, in its order.
private final class Counts: Responder {
    private let lines = Lock<[String]>([])

    var all: [String] { lines.withLock(\.self) }

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    func send(
        _ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]],
        over channel: OpenChannel
    ) {
        add(kind.rawValue)
    }

    func report(_ refusal: Refusal, of subject: String, to address: ReplyAddress) { add("report \(refusal.reason)") }

    var time: any TimeSource { PollThread(name: "no time") }
}
