import MessagePack
import Testing

@testable import Lymph

/// An interface that does nothing; the tests add their own routes.
actor StubInterface: Interface {
    private(set) var calls: Int

    // Not `init()`, which the compiler would confuse with the protocol's.
    init(calls: Int) { self.calls = calls }

    func called() { calls += 1 }

    static let routes = Routes<StubInterface> {}
}

/// The context of a request without a running service.
struct ServingBench {
    let poller: Poller
    let stub: StubInterface

    init() {
        poller = Poller(configuration: Fixture(.inMemory).configuration(), logger: .quiet)
        stub = StubInterface(calls: 0)
    }

    func request(_ body: [UInt8], subject: String = "stub.method") -> Work {
        let message = Message(
            id: .number(1), kind: .request, purpose: .call(subject), headers: Headers(), payload: .bytes(body),
            sender: Peer(.number(1)))
        let handler = Handler(name: subject, interface: stub) { _, _ in .channel() }
        return Work(handler, message, address, poller, place: 0)
    }

    var address: ReplyAddress { ReplyAddress(id: .number(1), peer: .number(1), trace: TraceID("abc")) }

    /// What a method answers to a body.
    func answer(_ rpc: RPC<StubInterface>, _ body: [UInt8]) async -> Answer {
        await rpc.route.answer(request(body), of: stub)
    }

    /// What a method answers, as text.
    func describe(_ rpc: RPC<StubInterface>, _ body: Value = [:]) async throws -> String {
        try describe(await answer(rpc, try body.encoded()))
    }

    func describe(_ answer: Answer) throws -> String {
        switch answer {
        case .reply(let body): "REP \(try Value(decoding: body))"
        case .error(let error): "ERROR \(error)"
        case .nack(let refusal): "NACK \(refusal.reason): \(refusal.text)"
        case .channel: "nothing"
        }
    }
}

extension InterfaceRoute {
    /// What the method of an instance answers.
    func answer(_ request: any ServerRequest, of interface: I) async -> Answer {
        do { return try await bind(interface)(request) } catch { return Answer(error, raises: traits.raises) }
    }
}
