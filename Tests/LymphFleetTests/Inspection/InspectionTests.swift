import Lymph
import MessagePack
import Testing

@testable import LymphFleet

struct InspectionTests {
    @Test func readsWhatPython2Writes() throws {
        let body: Value = .map([
            .binary(Array("methods".utf8)): [
                .map([
                    .binary(Array("name".utf8)): .binary(Array("echo.upper".utf8)),
                    .binary(Array("version".utf8)): "None",
                    .binary(Array("params".utf8)): [.binary(Array("text".utf8))],
                ])
            ]
        ])
        let inspection = try Inspection(body, address: "echo", endpoint: "tcp://127.0.0.1:1")
        #expect(
            inspection.methods == [Inspection.Method(name: "echo.upper", version: nil, parameters: ["text"], help: "")])
    }

    @Test func whatIsNoInspectionIsSaid() {
        let failure = #expect(throws: FleetFailure.self) { try Inspection("x", address: "echo", endpoint: nil) }
        #expect(failure?.kind == .invalidReply)
    }

    @Test func readsAnyStatus() {
        let connection: Value = [
            "endpoint": "tcp://127.0.0.1:1", "state": "responsive", "rtt": 0.0012, "phi": 0.24, "outstanding": 3,
        ]
        let strange: Value = ["endpoint": 1, "rtt": .double(.infinity), "phi": "high"]
        let status = ServiceStatus(["endpoint": "a", "identity": "b", "connections": [connection, strange]])
        #expect(status.endpoint == "a" && status.identity == "b")
        let connections = status.connections ?? []
        #expect(connections.map(\.endpoint) == ["tcp://127.0.0.1:1", nil])
        #expect(connections.map(\.state) == ["responsive", nil])
        #expect(connections.map(\.roundTrip) == [.seconds(0.0012), nil])
        #expect(connections.map(\.phi) == [0.24, nil])
        #expect(connections.map(\.outstanding) == [3, nil])
        #expect(ServiceStatus(.nil).connections == nil)
    }

    @Test func sumsUpPings() {
        var statistics = PingStatistics()
        statistics.succeed(after: .milliseconds(1))
        statistics.succeed(after: .milliseconds(3))
        statistics.fail(FleetFailure(.timeout, "late"))
        statistics.fail(FleetFailure(.notConnected, "away"))
        #expect(statistics.sent == 4 && statistics.received == 2)
        #expect((statistics.lastFailure as? FleetFailure)?.kind == .notConnected)
        #expect(statistics.json(of: "echo")["loss"] == .double(0.5))
        #expect(statistics.json(of: "echo")["rtt_ms"]?["avg"] == .double(2))
    }
}
