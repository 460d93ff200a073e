import Testing

@testable import LymphZooKeeper

@Suite struct PublishedNodeTests {
    private let path = "/lymph/services/echo/x"
    private let document: [UInt8] = [1, 2, 3]

    private func node() -> PublishedNode { PublishedNode(path: path, document: document) }

    private func nobody(_: [UInt8], _: Int64) -> Bool { false }

    private func inspected(by isOurs: PublishedNode.IsOurs, _ data: [UInt8], owner: Int64) -> [PublishedNode.Action] {
        var node = node()
        _ = node.start(in: 7)
        #expect(node.handle(.failure(.nodeExists), isOurs: nobody) == [.send(.data(of: path))])
        return node.handle(.success(.data(data, NodeStatus(owner: owner))), isOurs: isOurs)
    }

    @Test func isCreated() {
        var node = node()
        #expect(node.isPending)
        #expect(node.start(in: 7) == [.send(.create(path, document))])
        #expect(node.handle(.success(.done), isOurs: nobody) == [.succeeded, .checkSoon])
        #expect(node.check() == [.send(.data(of: path))])
        #expect(node.handle(.success(.data(document, NodeStatus(owner: 7))), isOurs: nobody) == [])
    }

    /// Upwards to the first existing node, then downwards again.
    @Test func makesItsParents() {
        var node = node()
        _ = node.start(in: 7)
        #expect(node.handle(.failure(.noNode), isOurs: nobody) == [.send(.createParent("/lymph/services/echo"))])
        #expect(node.handle(.failure(.noNode), isOurs: nobody) == [.send(.createParent("/lymph/services"))])
        // Another process was faster.
        #expect(node.handle(.failure(.nodeExists), isOurs: nobody) == [.send(.createParent("/lymph/services/echo"))])
        #expect(node.handle(.success(.done), isOurs: nobody) == [.send(.create(path, document))])
    }

    @Test func isRegisteredAgainInTheNextSession() {
        var node = node()
        _ = node.start(in: 7)
        _ = node.handle(.success(.done), isOurs: nobody)
        node.pause()
        // The same session: it must still be there, unless somebody has removed it.
        #expect(node.start(in: 7) == [.send(.data(of: path))])
        #expect(
            node.handle(.failure(.noNode), isOurs: nobody) == [.lost(.deleted), .send(.create(path, document))])
        _ = node.handle(.success(.done), isOurs: nobody)
        node.pause()
        #expect(node.start(in: 8) == [.lost(.endOfSession), .send(.create(path, document))])
    }

    @Test func comesBackWhenSomebodyRemovesIt() {
        var node = node()
        #expect(node.check() == [])
        _ = node.start(in: 7)
        _ = node.handle(.success(.done), isOurs: nobody)
        _ = node.check()
        #expect(node.handle(.failure(.noNode), isOurs: nobody) == [.lost(.deleted), .send(.create(path, document))])
        #expect(node.check() == [])
    }

    /// Perhaps between its creation and the first check.
    @Test(arguments: [7, 0] as [Int64])
    func isReplacedWhenSomebodyChangesIt(owner: Int64) {
        var node = node()
        _ = node.start(in: 7)
        _ = node.handle(.success(.done), isOurs: nobody)
        _ = node.check()
        let actions = node.handle(.success(.data([9], NodeStatus(owner: owner)))) { _, owner in owner == 7 }
        #expect(actions == [.lost(.changed), .send(.replace(path, document))])
        #expect(node.check() == [])
        #expect(node.handle(.success(.done), isOurs: nobody) == [.succeeded, .checkSoon])
    }

    @Test func isLostToAStranger() {
        var node = node()
        _ = node.start(in: 7)
        _ = node.handle(.success(.done), isOurs: nobody)
        _ = node.check()
        let actions = node.handle(.success(.data(document, NodeStatus(owner: 5))), isOurs: nobody)
        #expect(actions == [.lost(.changed), .belongsToStranger(document: document, session: 5)])
    }

    @Test func adoptsWhatIsItsOwn() {
        let actions = inspected(by: nobody, document, owner: 7)
        #expect(actions == [.succeeded, .checkSoon])
    }

    @Test func replacesWhatADeadSessionLeft() {
        let actions = inspected(by: { data, owner in data == [9] && owner == 5 }, [9], owner: 5)
        #expect(actions == [.send(.replace(path, document))])
    }

    @Test func replacesWhatBelongsToNoSession() {
        #expect(inspected(by: nobody, [9], owner: 0) == [.send(.replace(path, document))])
    }

    @Test func leavesAStrangerAlone() {
        var node = node()
        _ = node.start(in: 7)
        _ = node.handle(.failure(.nodeExists), isOurs: nobody)
        let actions = node.handle(.success(.data([9], NodeStatus(owner: 5))), isOurs: nobody)
        #expect(actions == [.belongsToStranger(document: [9], session: 5)])
        #expect(!node.isPending)
        // It has changed, but still exists.
        #expect(node.check() == [.send(.data(of: path))])
        #expect(
            node.handle(.success(.data([8], NodeStatus(owner: 5))), isOurs: nobody) == [
                .belongsToStranger(document: [8], session: 5)
            ])
        // Until the stranger leaves.
        #expect(node.check() == [.send(.data(of: path))])
        #expect(node.handle(.failure(.noNode), isOurs: nobody) == [.send(.create(path, document))])
    }

    @Test func copesWithNodesThatVanish() {
        var node = node()
        _ = node.start(in: 7)
        _ = node.handle(.failure(.nodeExists), isOurs: nobody)
        #expect(node.handle(.failure(.noNode), isOurs: nobody) == [.send(.create(path, document))])
        _ = node.handle(.failure(.nodeExists), isOurs: nobody)
        _ = node.handle(.success(.data([9], NodeStatus(owner: 0))), isOurs: nobody)
        // It disappeared between the check and the replacement.
        #expect(node.handle(.failure(.noNode), isOurs: nobody) == [.send(.create(path, document))])
    }

    @Test(arguments: [ZooKeeperError.connectionLost, .closing])
    func waitsForAnotherTry(error: ZooKeeperError) {
        var node = node()
        _ = node.start(in: 7)
        #expect(node.handle(.failure(error), isOurs: nobody) == [])
        #expect(node.isPending)
        #expect(node.start(in: 7) == [.send(.create(path, document))])
    }

    @Test func reportsWhatCannotWork() {
        var node = node()
        _ = node.start(in: 7)
        #expect(node.handle(.failure(.notPermitted), isOurs: nobody) == [.failed(.notPermitted)])
        #expect(node.isPending)
    }

    @Test func ignoresRepliesOfTheLastSession() {
        var node = node()
        _ = node.start(in: 7)
        node.pause()
        #expect(node.handle(.success(.done), isOurs: nobody) == [])
        #expect(node.isPending)
    }
}
