import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Who may still be working for a call that has ended")
struct AbandonedWorkTests {
    private let start = Instant.origin + .seconds(1000)
    private let first = Endpoint.number(1)
    private let second = Endpoint.number(2)

    private func call(_ change: (inout CallProgress) -> Void) -> Call {
        let call = Call(.service("echo", nil), "echo.upper", [0x80], timeout: .seconds(1), now: start)
        call.id = 7
        change(&call.progress)
        return call
    }

    private func answer(from peer: Endpoint) -> Lymph.Message {
        Lymph.Message(
            id: .number(1), kind: .reply, purpose: .answer(.number(7)), headers: Headers(), payload: .nil,
            sender: Peer(peer))
    }

    @Test("nobody if the call was never sent, or if the one that was asked has answered")
    func nobody() {
        #expect(CallEnd(call { _ in }, throwing: CancellationError()).workers == [])
        #expect(CallEnd(call { $0.phase = .lookingUp("echo") }, throwing: CancellationError()).workers == [])
        let sent = call { $0.phase = .sent(first, at: start) }
        #expect(CallEnd(sent, .success(answer(from: first)), .answered(.zero)).workers == [])
    }

    @Test("the one that was asked, if the call ends without its answer")
    func asked() {
        let sent = call { $0.phase = .sent(first, at: start) }
        #expect(CallEnd(sent, throwing: CancellationError()).workers == [first])
        #expect(CallEnd(sent, throwing: sent.timeoutError()).workers == [first])
    }

    @Test("all that were asked and have not refused, except the one that has answered")
    func several() {
        let moved = call {
            $0.phase = .sent(first, at: start)
            $0.giveUp(first, lookingUp: "echo", mayHaveRun: true)
            $0.phase = .sent(second, at: start)
        }
        #expect(CallEnd(moved, throwing: CancellationError()).workers == [first, second])
        #expect(CallEnd(moved, .success(answer(from: second)), .answered(.zero)).workers == [first])
        #expect(CallEnd(moved, .success(answer(from: first)), .abandoned).workers == [second])
        let refused = call {
            $0.phase = .sent(first, at: start)
            $0.giveUp(first, lookingUp: "echo", mayHaveRun: false)
            $0.phase = .sent(second, at: start)
        }
        #expect(CallEnd(refused, throwing: CancellationError()).workers == [second])
    }

    @Test("a request that has waited says what is left when it leaves")
    func refreshed() throws {
        var calls = Calls(.random, .any, seed: 1, now: start)
        let peers = Peers(limit: 10, byteLimit: 1000)
        _ = calls.open(isStarting: false)
        let call = Call(.endpoint(first), "echo.upper", [0x80], timeout: .seconds(10), now: start)
        guard case .send(let request, to: first) = calls.begin(call, random: 7, at: start, peers) else {
            Issue.record("it is not sent")
            return
        }
        #expect(request.headers.timeout == TimeoutHeader(milliseconds: 10_000))
        let later = calls.refresh(request, at: start + .seconds(4))
        #expect(later.headers.timeout == TimeoutHeader(milliseconds: 6000))
        #expect(later.id == request.id && later.purpose == request.purpose && later.payload.count == 1)
    }

    @Test("the smaller of its own timeout and what the caller's request has left ends a call")
    func inherited() {
        func call(_ timeout: Duration, notAfter limit: Duration?) -> Call {
            Call(
                .service("echo", nil), "echo.upper", [0x80], timeout: timeout, notAfter: limit.map { start + $0 },
                now: start)
        }
        let own = call(.seconds(1), notAfter: .seconds(2))
        #expect(own.deadline == start + .seconds(1) && !own.isTimeoutInherited)
        #expect(own.timeoutError().message.hasSuffix("within 1.0 seconds; is its run() called?"))
        let inherited = call(.seconds(3), notAfter: .seconds(2))
        #expect(inherited.deadline == start + .seconds(2) && inherited.isTimeoutInherited)
        #expect(inherited.timeLeft(at: start + .milliseconds(500)) == TimeoutHeader(milliseconds: 1500))
        inherited.progress.phase = .sent(first, at: start)
        #expect(
            inherited.timeoutError().message
                == "echo.upper: no answer from \(first) within 2.0 seconds, which was left for the request that made it"
        )
        let late = call(.seconds(3), notAfter: .seconds(-1)).lateError()
        #expect(late.code == .timeout && late.execution == .none)
    }
}
