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
        health.unblock(at: at(0.2))
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
        health.unblock(at: at(1))
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
        var pong = health.takePong(1, at: at(0))
        #expect(pong == nil)
        health.ping(1, at: at(0))
        health.ping(2, at: at(1))
        pong = health.takePong(1, at: at(1.5))
        #expect(pong == nil)
        #expect(health.roundTrip == nil)
        pong = health.takePong(2, at: at(1.5))
        #expect(pong != nil)
        #expect(health.roundTrip == .milliseconds(500))
        health.ping(3, at: start)
        pong = health.takePong(3, at: start + .milliseconds(100))
        #expect(pong != nil)
        #expect(health.roundTrip == .milliseconds(450))
    }

    /// The health of a peer whose connection was made after one second, lost after two and restored after three, and
    /// which is pinged then.
    private func restored() -> Health {
        var health = Health()
        health.block(at: at(0))
        var isRestored = health.unblock(at: at(1))
        #expect(!isRestored, "it was the first connection")
        health.ping(1, at: at(1.5))
        // Its queue was full.
        health.block(at: at(1.6))
        isRestored = health.unblock(at: at(1.7))
        #expect(!isRestored)
        health.disconnect(at: at(2))
        #expect(health.blockedSince == at(2))
        isRestored = health.unblock(at: at(3))
        #expect(isRestored)
        isRestored = health.unblock(at: at(3))
        #expect(!isRestored)
        return health
    }

    @Test(
        "the first ping over a restored connection finds out whether the process before is there, and what it received",
        arguments: [
            // It began after the connection before was made; before; just then, perhaps. It doesn't tell.
            (0, 3), (1500, 3), (1990, 3), (2010, 0.988), (2500, 0.497), (.max, -.infinity), (nil, nil),
        ] as [(UInt64?, Double?)])
    func successor(age: UInt64?, lost: Double?) {
        var health = restored()
        let age = age.map(AgeHeader.init(milliseconds:))
        var pong = health.takePong(1, AgeHeader(milliseconds: 0), at: at(3))
        #expect(pong == Pong(lost: nil), "that ping went to the process before")
        health.ping(2, at: at(3))
        pong = health.takePong(2, age, at: at(5))
        if let lost, lost > 0, let found = pong?.lost {
            #expect(abs(found.seconds(since: at(lost))) < 0.001_5)
        } else {
            #expect((pong?.lost == nil) == (lost == nil))
        }
        health.ping(3, at: at(6))
        pong = health.takePong(3, age, at: at(6))
        #expect(pong == Pong(lost: nil), "it is found out once")
    }

    @Test("a peer's clock is not believed against what is known about its connection")
    func wrongAge() {
        var health = restored()
        health.ping(2, at: at(9))
        let pong = health.takePong(2, AgeHeader(milliseconds: 0), at: at(9))
        #expect(pong == Pong(lost: at(3)))
    }

    @Test("a successor's health remembers only when the connections of the one before were made")
    func afterLoss() {
        var health = restored()
        health.disconnect(at: at(4))
        health = Health(after: health)
        #expect(health.blockedSince == nil)
        health.disconnect(at: at(4))
        health = Health(after: health)
        let isRestored = health.unblock(at: at(5))
        #expect(isRestored)
        health.ping(2, at: at(5))
        let pong = health.takePong(2, AgeHeader(milliseconds: 1500), at: at(5))
        #expect(pong == Pong(lost: at(5)), "it began after three seconds, when the last connection was made")
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
