import Testing

@testable import LymphZooKeeper

@Suite struct SessionTests {
    /// A connected session.
    private static func online(_ id: Int64 = 7) -> Session {
        var session = Session()
        _ = session.start()
        _ = session.handle(.connected(session: id), of: 1)
        return session
    }

    @Test func beginsOnce() {
        var session = Session()
        #expect(session.start() == [.open(1)])
        #expect(session.start() == [])
        #expect(session.current == nil)
        #expect(session.handle(.connected(session: 7), of: 1) == [.online(session: 7)])
        #expect(session.current == 7)
    }

    @Test func outlivesItsConnection() {
        var session = Self.online()
        #expect(session.handle(.disconnected, of: 1).first == .offline)
        #expect(session.current == nil)
        #expect(session.handle(.disconnected, of: 1) == [])
        #expect(session.handle(.connected(session: 7), of: 1) == [.online(session: 7)])
    }

    @Test func isFollowedByAnotherWhenItExpires() {
        var session = Self.online()
        #expect(session.handle(.expired, of: 1) == [.offline, .close, .open(2)])
        // Events of the old handle are ignored.
        #expect(session.handle(.connected(session: 7), of: 1) == [])
        #expect(session.handle(.connected(session: 8), of: 2) == [.online(session: 8)])
        #expect(session.isOurs(7) && session.isOurs(8) && !session.isOurs(9))
        #expect(session.latest == 8)
    }

    @Test func expiresWhileDisconnected() {
        var session = Self.online()
        _ = session.handle(.disconnected, of: 1)
        #expect(session.handle(.expired, of: 1) == [.close, .open(2)])
    }

    @Test func isGivenUpWithoutAConnection() {
        var session = Self.online()
        guard case .giveUpLater(let first)? = session.handle(.disconnected, of: 1).last else {
            Issue.record("no time limit")
            return
        }
        _ = session.handle(.connected(session: 7), of: 1)
        #expect(session.connectionIsMissing(since: first) == [])
        guard case .giveUpLater(let second)? = session.handle(.disconnected, of: 1).last else {
            Issue.record("no time limit")
            return
        }
        #expect(session.connectionIsMissing(since: first) == [])
        #expect(session.connectionIsMissing(since: second) == [.close, .open(2)])
        #expect(session.connectionIsMissing(since: second) == [])
        #expect(session.isOurs(7))
    }

    @Test func waitsLongerAfterEachFailure() {
        var session = Session()
        _ = session.start()
        for (attempt, delay) in [100, 200, 400, 800, 1600, 3200, 5000, 5000].enumerated() {
            #expect(session.openingFailed(attempt + 1) == [.openLater(.milliseconds(delay))])
            #expect(session.openingFailed(attempt + 1) == [])
            #expect(session.timeIsUp() == [.open(attempt + 2)])
        }
        _ = session.handle(.connected(session: 1), of: 9)
        #expect(session.handle(.authenticationFailed, of: 9) == [.offline, .close, .openLater(.milliseconds(100))])
    }

    @Test func closesForGood() {
        var session = Self.online()
        #expect(session.close() == [.offline, .close])
        #expect(session.close() == [])
        #expect(session.start() == [])
        #expect(session.timeIsUp() == [])
        #expect(session.handle(.connected(session: 7), of: 1) == [])
        #expect(session.isClosed)
    }
}
