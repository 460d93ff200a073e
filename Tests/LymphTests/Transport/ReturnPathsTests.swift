import Testing
import ZeroMQ

@testable import Lymph

@Suite("Ways back")
struct ReturnPathsTests {
    private func answer(_ number: UInt128) -> Lymph.Message {
        Lymph.Message(
            id: .number(number), kind: .reply, purpose: .answer(.number(number)),
            headers: .answer(version: .noInterface, trace: TraceID(1), isSameConnection: true), payload: .bytes([0x01]))
    }

    @Test("what can't be delivered is said once of each answer, also if a frame was full")
    func undeliverable() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        defer {
            router.close()
            context.terminate()
        }
        try router.set(.routerMandatory, 1)
        let peer = Endpoint.number(1)
        var ways = ReturnPaths()
        ways.note(true, of: peer)
        var refused: [MessageID] = []
        let ids = (1...20).map { UInt128($0) }
        for id in ids {
            do {
                _ = try ways.send(answer(id), to: peer, on: router)
            } catch {
                refused.append(.number(id))
            }
        }
        // The first ones fill a frame, which nobody takes; there is no room for the others.
        #expect(refused == ids.dropFirst(PackedFrame.fewestMessages).map { .number($0) })
        let reported = ways.flush(on: router).compactMap { event -> MessageID? in
            if case .undeliverable(let answer, .back(peer), _) = event, case .answer(let id) = answer.purpose {
                id
            } else {
                nil
            }
        }
        #expect(reported == ids.prefix(PackedFrame.fewestMessages).map { .number($0) })
        #expect(ways.isEmpty)
    }
}
