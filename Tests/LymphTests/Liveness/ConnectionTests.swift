import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("What is known of a connection")
struct ConnectionTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    @Test("a peer that nothing was heard of counts as alive, until something was due for three seconds")
    func unknown() {
        var connection = Connection()
        #expect(connection.state(at: at(0)) == .unknown)
        #expect(connection.state(at: at(1000)) == .unknown)
        connection.sent(at: at(1000))
        connection.sent(at: at(1002))
        #expect(connection.state(at: at(1002.9)) == .unknown)
        #expect(connection.state(at: at(1003)) == .unresponsive)
        connection.heard(at: at(1004))
        #expect(connection.state(at: at(1004)) == .responsive)
    }

    @Test("silence is no sign of anything while nothing is due")
    func idle() {
        var connection = Connection()
        connection.sent(at: at(0))
        connection.heard(at: at(1))
        #expect(connection.state(at: at(100)) == .responsive)
        connection.sent(at: at(100))
        #expect(connection.state(at: at(102.9)) == .responsive)
        #expect(connection.state(at: at(103)) == .unresponsive)
    }

    @Test("without a connection: first patience, then out of reach, and well again at once")
    func blocked() {
        var connection = Connection()
        connection.blocked(at: at(0))
        connection.blocked(at: at(0.09))
        #expect(connection.state(at: at(0.09)) == .connecting)
        #expect(connection.state(at: at(0.1)) == .unreachable)
        #expect(connection.blockedSince == at(0))
        connection.writable()
        #expect(connection.state(at: at(0.2)) == .unknown)
    }

    @Test("a ping is due after a second, and again a second later")
    func pings() {
        var connection = Connection()
        #expect(connection.needsPing(at: at(0), isAwaited: false) == false)
        #expect(connection.needsPing(at: at(0), isAwaited: true) == true)
        connection.sent(at: at(0))
        #expect(connection.needsPing(at: at(0.9), isAwaited: true) == false)
        // Something is due even if the call has been given up.
        #expect(connection.needsPing(at: at(1), isAwaited: false) == true)
        connection.pinged(7, at: at(1))
        #expect(connection.needsPing(at: at(1.9), isAwaited: true) == false)
        #expect(connection.needsPing(at: at(2), isAwaited: true) == true)
        connection.heard(at: at(2))
        #expect(connection.needsPing(at: at(2.9), isAwaited: true) == false)
        #expect(connection.needsPing(at: at(3), isAwaited: true) == true)
        #expect(connection.needsPing(at: at(30), isAwaited: false) == false)
    }

    @Test("only the answer to the last ping tells the round trip")
    func roundTrip() {
        var connection = Connection()
        var isPong = connection.ponged(1, at: at(0))
        #expect(!isPong)
        connection.pinged(1, at: at(0))
        connection.pinged(2, at: at(1))
        isPong = connection.ponged(1, at: at(1.5))
        #expect(!isPong)
        #expect(connection.roundTrip == nil)
        isPong = connection.ponged(2, at: at(1.5))
        #expect(isPong)
        #expect(connection.roundTrip == .milliseconds(500))
        connection.pinged(3, at: start)
        isPong = connection.ponged(3, at: start + .milliseconds(100))
        #expect(isPong)
        #expect(connection.roundTrip == .milliseconds(450))
    }

    @Test("phi grows with the pause, the faster the shorter pauses were before")
    func phi() {
        var connection = Connection()
        #expect(connection.phi(at: at(0)) == nil)
        for second in 0...20 {
            connection.sent(at: at(Double(second)))
            connection.heard(at: at(Double(second) + 0.5))
        }
        #expect(connection.phi(at: at(100)) == 0)
        connection.sent(at: at(21))
        let one = connection.phi(at: at(21.5)) ?? -1
        let ten = connection.phi(at: at(30.5)) ?? -1
        #expect(abs(one - 0.434) < 0.001)
        #expect(abs(ten - 4.343) < 0.01)
    }

    @Test("a summary says all of it")
    func summary() throws {
        var connection = Connection()
        connection.pinged(1, at: at(0))
        _ = connection.ponged(1, at: at(0.25))
        connection.heard(at: at(0.25))
        let summary = connection.summary(of: .number(1), outstanding: 3, at: at(0.25))
        #expect(summary["endpoint"]?.stringValue == Endpoint.number(1).description)
        #expect(summary["state"] == "responsive")
        #expect(summary["rtt"] == 0.25)
        #expect(summary["phi"] == 0.0)
        #expect(summary["outstanding"] == 3)
    }
}
