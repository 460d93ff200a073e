import Glibc
import Testing
import ZeroMQ

@testable import Lymph

/// Answers from a poller that can't open connections.
@Suite("Answers to strangers")
struct StrangerTests {
    private let bench = ServingBench()

    private func message(_ kind: MessageKind) -> Lymph.Message {
        Lymph.Message(
            id: .number(1), kind: kind, purpose: kind == .request ? .call("a.b") : .answer(.number(1)),
            headers: Headers(), payload: .bytes([0xc0]))
    }

    private func error(
        of kind: MessageKind, to peer: Endpoint = .number(7), at now: Instant = .now
    ) async -> LymphError? {
        let message = message(kind)
        return await #expect(throws: LymphError.self) {
            _ = try await bench.poller.transmit(message, over: .dial(peer), at: now)
        }
    }

    @Test("a peer that can't be dialled takes no entry in the table")
    func failed() async {
        #expect(await error(of: .reply)?.code == .stopped)
        #expect(await bench.poller.peers.count == 0)
    }

    @Test("after descriptors run out, no stranger is dialled for a while, but called and known peers are")
    func exhausted() async {
        let now = Instant.now
        await bench.poller.exhaust(at: now)
        let error = await error(of: .reply, at: now + .milliseconds(99))
        #expect(error?.code == .notConnected && error?.isOutOfDescriptors == true)
        #expect(await bench.poller.peers.count == 0)
        #expect(await self.error(of: .request, at: now)?.code == .stopped)
        await bench.poller.know(.number(8), at: now)
        #expect(await self.error(of: .reply, to: .number(8), at: now)?.code == .stopped)
        #expect(await bench.poller.peers.isKnown(.number(8)) == true)
        #expect(await self.error(of: .reply, at: now + .milliseconds(100))?.code == .stopped)
    }
}

extension Poller {
    fileprivate func exhaust(at now: Instant) {
        peers.exhaust(ZMQError(code: EMFILE, function: "zmq_socket"), at: now)
    }

    fileprivate func know(_ peer: Endpoint, at now: Instant) { peers.introduce(peer, at: now) }
}
