import Testing
import ZeroMQ

@testable import Lymph

@Suite("Health of a connection")
struct HealthTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    @Test("an unheard peer counts as alive until something was due for three seconds")
    func unknown() {
        var health = Health()
        #expect(health.state(at: at(0)) == .unknown)
        #expect(health.state(at: at(1000)) == .unknown)
        health.send(at: at(1000))
        health.send(at: at(1002))
        #expect(health.state(at: at(1002.9)) == .unknown)
        #expect(health.state(at: at(1003)) == .unresponsive)
        health.hear(at: at(1004))
        #expect(health.state(at: at(1004)) == .responsive)
    }

    @Test("silence means nothing while nothing is due")
    func idle() {
        var health = Health()
        health.send(at: at(0))
        health.hear(at: at(1))
        #expect(health.state(at: at(100)) == .responsive)
        health.send(at: at(100))
        #expect(health.state(at: at(102.9)) == .responsive)
        #expect(health.state(at: at(103)) == .unresponsive)
    }

    @Test("a lost connection is tolerated for a while, then unreachable, and healthy again at once")
    func blocked() {
        var health = Health()
        health.block(at: at(0))
        health.block(at: at(0.09))
        #expect(health.state(at: at(0.09)) == .connecting)
        #expect(health.state(at: at(0.1)) == .unreachable)
        #expect(health.blockedSince == at(0))
        health.unblock()
        #expect(health.state(at: at(0.2)) == .unknown)
    }

    @Test("a peer that is refused is gone at once, until there is a connection again")
    func refused() {
        var health = Health()
        health.refuse()
        #expect(health.state(at: at(0)) == .unknown, "it is connected")
        #expect(!health.isGone(at: at(0)))
        health.block(at: at(1))
        #expect(health.state(at: at(1)) == .connecting)
        #expect(!health.isGone(at: at(1)))
        health.refuse()
        health.block(at: at(1))
        #expect(health.state(at: at(1)) == .unreachable)
        #expect(health.isGone(at: at(1)))
        health.unblock()
        #expect(health.state(at: at(1)) == .unknown)
        // The next loss is a new one.
        health.block(at: at(2))
        #expect(health.state(at: at(2)) == .connecting)
        #expect(!health.isGone(at: at(4.9)))
        #expect(health.isGone(at: at(5)))
    }

    @Test("a ping is due after a second, and again a second later")
    func pings() {
        var health = Health()
        #expect(health.needsPing(at: at(0), isAwaited: false) == false)
        #expect(health.needsPing(at: at(0), isAwaited: true) == true)
        health.send(at: at(0))
        #expect(health.needsPing(at: at(0.9), isAwaited: true) == false)
        // Something is due even if the call has been given up.
        #expect(health.needsPing(at: at(1), isAwaited: false) == true)
        health.ping(7, at: at(1))
        #expect(health.needsPing(at: at(1.9), isAwaited: true) == false)
        #expect(health.needsPing(at: at(2), isAwaited: true) == true)
        health.hear(at: at(2))
        #expect(health.needsPing(at: at(2.9), isAwaited: true) == false)
        #expect(health.needsPing(at: at(3), isAwaited: true) == true)
        #expect(health.needsPing(at: at(30), isAwaited: false) == false)
    }

    @Test("only the answer to the last ping sets the round trip")
    func roundTrip() {
        var health = Health()
        var isPong = health.takePong(1, at: at(0))
        #expect(!isPong)
        health.ping(1, at: at(0))
        health.ping(2, at: at(1))
        isPong = health.takePong(1, at: at(1.5))
        #expect(!isPong)
        #expect(health.roundTrip == nil)
        isPong = health.takePong(2, at: at(1.5))
        #expect(isPong)
        #expect(health.roundTrip == .milliseconds(500))
        health.ping(3, at: start)
        isPong = health.takePong(3, at: start + .milliseconds(100))
        #expect(isPong)
        #expect(health.roundTrip == .milliseconds(450))
    }

    @Test("phi grows with the pause, and faster if earlier pauses were shorter")
    func phi() {
        var health = Health()
        #expect(health.phi(at: at(0)) == nil)
        for second in 0...20 {
            health.send(at: at(Double(second)))
            health.hear(at: at(Double(second) + 0.5))
        }
        #expect(health.phi(at: at(100)) == 0)
        health.send(at: at(21))
        let one = health.phi(at: at(21.5)) ?? -1
        let ten = health.phi(at: at(30.5)) ?? -1
        #expect(abs(one - 0.434) < 0.001)
        #expect(abs(ten - 4.343) < 0.01)
    }
}
