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

    @Test func readsTypesAndWritesThemAsJSONSchema() throws {
        let methods: Value = [
            [
                "name": "shop.count", "params": ["sku", "at"], "types": ["sku": "string", "at": "instant"],
                "defaults": ["at": .datetime(try #require(DateTime(secondsSince1970: 0)))], "returns": "uint8",
            ],
            ["name": "shop.raw", "params": ["a"], "types": 1, "returns": nil, "defs": "x"], ["name": "shop.old"],
        ]
        let inspection = try Inspection(["methods": methods], address: "shop", endpoint: nil)
        #expect(
            inspection.methods.map { $0.schema?.signature($0.shortName) } == [
                "count(sku: String, at: Date = datetime(1970-01-01T00:00:00+0000)) -> UInt8", nil, "raw(a) -> ?",
            ])
        guard case .array(let documents)? = inspection.json["methods"] else {
            Issue.record("no methods")
            return
        }
        let schema = documents[0]["schema"]
        #expect(schema?["returns"]?["maximum"] == 255)
        #expect(schema?["params"]?["required"] == ["sku"])
        #expect(
            schema?["params"]?["properties"]?["at"]?["default"]
                == "1970-01-01T00:00:00+0000")
        #expect(documents.map { $0["schema"] == nil } == [false, true, false])
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
