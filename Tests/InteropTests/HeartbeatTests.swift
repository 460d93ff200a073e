import Lymph
import MessagePack
import Testing

/// What Python knows about its connection to a Swift service.
private struct Connection: Decodable {
    let status: String
    /// How many of its pings were answered.
    let pings: Int
    let sent: Int
    let received: Int
}

/// Python pings every peer it has heard of, once a second, for as long as it lives.
@Suite("Heartbeats", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(1)))
struct HeartbeatTests {
    let python: Python

    init() throws { python = try .shared() }

    private func connection() async throws -> Connection {
        try await python.caller.call("connection", address: python.service)
    }

    @Test("For ten seconds Python's heartbeats alone keep the connection responsive")
    func heartbeats() async throws {
        let start = ContinuousClock.now
        #expect(try await python.call("swift.upper", ["text": "first"]).value == "FIRST")
        let first = try await connection()
        // Meanwhile Swift calls Python, which sends nothing but heartbeats to the Swift service.
        var (status, pings) = (first.status, 0)
        try await eventually(within: .seconds(25), every: .milliseconds(100), "only \(pings) pings were answered") {
            #expect(try await python.echo.call("upper", text: "meanwhile") == "MEANWHILE")
            let connection = try await connection()
            (status, pings) = (connection.status, connection.pings)
            // The status is unknown until it is first computed, which happens once a second.
            #expect(["responsive", "unknown"].contains(status))
            return pings >= 8 && .now - start >= .seconds(10)
        }
        #expect(status == "responsive")
        let last = try await connection()
        // The first of 10 pings may be lost, and one more for each second that a slow machine needed.
        let seconds = Int((ContinuousClock.now - start).components.seconds)
        #expect((8...seconds + 1).contains(last.pings))
        #expect(last.sent - first.sent <= seconds + 1)
        #expect(last.received - first.received <= last.sent - first.sent + 1)
        #expect(try await python.call("swift.upper", ["text": "last"]).value == "LAST")
    }

    @Test("A client is pinged, too, and answers although it serves nothing")
    func client() async throws {
        let endpoint = try #require(await python.client.poller.endpoint)
        #expect(try await python.call(to: endpoint, "lymph.ping", ["payload": "x"]).value == "x")
        #expect(try await python.call(to: endpoint, "swift.upper", ["text": "x"]) == .nack)
    }
}
