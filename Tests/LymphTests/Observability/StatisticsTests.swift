import Logging
import MessagePack
import Testing

@testable import Lymph

@Suite("Statistics")
struct StatisticsTests {
    @Test("everything is zero at first")
    func empty() {
        let statistics = Statistics()
        #expect(statistics.all.isEmpty)
        for reason in DropReason.allCases { #expect(statistics.dropped(reason) == 0) }
    }

    @Test("every reason has its own counter", arguments: DropReason.allCases)
    func drops(reason: DropReason) {
        var statistics = Statistics()
        for _ in 0..<3 { statistics.countDrop(reason) }
        for other in DropReason.allCases { #expect(statistics.dropped(other) == (other == reason ? 3 : 0)) }
        #expect(statistics.all.map(\.value) == [3])
        #expect(statistics.all.map(\.tags) == [["reason": reason.rawValue]])
    }

    @Test("tags of the process are added to every metric, without replacing its own")
    func tags() {
        var statistics = Statistics(tags: ["zone": "a", "reason": "x"])
        statistics.countDrop(.source)
        #expect(statistics.all.map(\.tags) == [["zone": "a", "reason": "source"]])
    }

    @Test("all counters are listed in a stable order")
    func all() {
        var statistics = Statistics()
        statistics.countRequest(.replied)
        statistics.countCall(.failed(.timeout))
        statistics.countDrop(.unknownReply)
        statistics.countCall(.answered(.reply))
        statistics.countRequest(.refused(.failed))
        statistics.countDrop(.handshake)
        statistics.countRequest(.replied)
        statistics.countCall(.cancelled)
        let lines = statistics.all.map { "\($0.name) \($0.tags) \($0.value)" }
        #expect(
            lines == [
                #"lymph.client.calls ["outcome": "REP"] 1"#,
                #"lymph.client.calls ["outcome": "cancelled"] 1"#,
                #"lymph.client.calls ["outcome": "timeout"] 1"#,
                #"lymph.dropped ["reason": "handshake"] 1"#,
                #"lymph.dropped ["reason": "unknown_reply"] 1"#,
                #"lymph.server.requests ["outcome": "REP"] 2"#,
                #"lymph.server.requests ["outcome": "nack_failed"] 1"#,
            ])
    }

    @Test("each outcome has its tag")
    func outcomes() {
        let calls: [CallOutcome] =
            [.cancelled, .failed(.timeout), .failed(.connectionLost)]
            + MessageKind.allCases.filter(\.isReply).map { .answered($0) }
        #expect(calls.map(\.tag) == ["cancelled", "timeout", "connectionLost", "REP", "ACK", "NACK", "ERROR"])
        let requests = [
            RequestOutcome(.reply, reason: nil), RequestOutcome(.ack, reason: nil),
            RequestOutcome(.error, reason: nil), RequestOutcome(.nack, reason: .overloaded),
            RequestOutcome(.nack, reason: NackReason("quota")),
        ]
        #expect(requests.map(\.tag) == ["REP", "ACK", "ERROR", "nack_overloaded", "nack_other"])
    }

    @Test("custom reasons are counted together")
    func nacks() async {
        let bench = ServingBench()
        let address = bench.address
        for reason in [.failed, .expired, NackReason("quota 1"), NackReason("quota 2"), NackReason("other")] {
            await bench.poller.answer(address, .nack, .nil, reason: reason)
        }
        let counts = await bench.poller.statistics.all.map { "\($0.tags["outcome"] ?? "") \($0.value)" }
        #expect(counts == ["nack_expired 1", "nack_failed 1", "nack_other 3"])
    }
}

@Suite("Trace context")
struct TraceContextTests {
    @Test("a trace holds within its scope and is inherited")
    func scopes() async throws {
        #expect(TraceContext.id == nil)
        let result = await TraceContext.with(id: "outer") {
            #expect(TraceContext.id == "outer")
            await TraceContext.with(id: "") { #expect(TraceContext.id == "") }
            let inherited = await Task { TraceContext.id }.value
            #expect(inherited == "outer")
            let detached = await Task.detached { TraceContext.id }.value
            #expect(detached == nil)
            return 7
        }
        #expect(result == 7)
        #expect(TraceContext.id == nil)
    }

    @Test("an interface's logger adds the trace to each line")
    func logger() async {
        let context = InterfaceContext(
            name: "echo", version: "1.5.0", configuration: [:], client: Fixture(.inMemory).client(), logger: .quiet)
        let plain = InterfaceContext(
            name: "echo", version: nil, configuration: [:], client: context.client, logger: .quiet)
        #expect(plain.logger[metadataKey: LogKey.version] == nil)
        #expect(context.logger[metadataKey: LogKey.interface] == "echo")
        #expect(context.logger[metadataKey: LogKey.version] == "1.5.0")
        #expect(context.logger[metadataKey: LogKey.traceID] == nil)
        await TraceContext.with(id: "abc") {
            #expect(context.logger[metadataKey: LogKey.traceID] == "abc")
        }
        #expect(context.logger[metadataKey: LogKey.traceID] == nil)
    }
}
