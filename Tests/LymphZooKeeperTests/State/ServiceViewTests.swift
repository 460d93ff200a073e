import Lymph
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

@Suite struct ServiceViewTests {
    /// A view that has seen two instances, after its first round.
    private static func loaded() throws -> ServiceView {
        var view = ServiceView(of: "echo")
        _ = view.start()
        _ = view.listed(.success(["a", "b"]), round: 1)
        _ = view.fetched("a", .success(try document(1)), round: 1)
        _ = view.fetched("b", .success(try document(2)), round: 1)
        return view
    }

    private static func document(_ port: UInt16) throws -> [UInt8] { try ServiceInstance.sample(port: port).json() }

    private static func ports(_ actions: [ServiceView.Action]) -> [UInt16]? {
        for case .publish(let instances) in actions { return instances.map(\.endpoint.port).sorted() }
        return nil
    }

    @Test func tellsWholeListsOnly() throws {
        var view = ServiceView(of: "echo")
        #expect(view.start() == [.list(round: 1)])
        #expect(view.start() == [.list(round: 2)])
        #expect(view.listed(.success(["b", "a"]), round: 1) == [])
        #expect(
            view.listed(.success(["b", "a"]), round: 2) == [.fetch(node: "a", round: 2), .fetch(node: "b", round: 2)])
        #expect(view.fetched("a", .success(try Self.document(1)), round: 2) == [])
        #expect(!view.isLoaded)
        #expect(Self.ports(view.fetched("b", .success(try Self.document(2)), round: 2)) == [1, 2])
        #expect(view.isLoaded && view.isCurrent && !view.isIdle)
    }

    @Test func believesAnEmptyList() throws {
        var view = try Self.loaded()
        #expect(view.listChanged() == [.list(round: 2)])
        #expect(view.listed(.success([]), round: 2) == [.publish([])])
    }

    @Test func looksOnlyAtWhatIsNew() throws {
        var view = try Self.loaded()
        _ = view.listChanged()
        #expect(view.listed(.success(["b", "c"]), round: 2) == [.fetch(node: "c", round: 2)])
        #expect(Self.ports(view.fetched("c", .success(try Self.document(3)), round: 2)) == [2, 3])
        #expect(view.nodeChanged("b") == [.fetch(node: "b", round: 3)])
        #expect(Self.ports(view.fetched("b", .success(try Self.document(4)), round: 3)) == [3, 4])
    }

    @Test func putsChangesOffToTheNextRound() throws {
        var view = try Self.loaded()
        _ = view.listChanged()
        #expect(view.listChanged() == [])
        #expect(view.nodeChanged("a") == [])
        #expect(!view.isCurrent)
        // The list may be older than the second change, so it is read again; the node is part of this round.
        #expect(view.listed(.success(["a", "b"]), round: 2) == [.fetch(node: "a", round: 2)])
        let actions = view.fetched("a", .success(try Self.document(1)), round: 2)
        #expect(Self.ports(actions) == [1, 2])
        #expect(actions.last == .list(round: 3))
    }

    @Test func copesWithNodesThatVanish() throws {
        var view = ServiceView(of: "echo")
        _ = view.start()
        _ = view.listed(.success(["a", "b"]), round: 1)
        #expect(view.fetched("a", .failure(.noNode), round: 1) == [])
        #expect(Self.ports(view.fetched("b", .success(try Self.document(2)), round: 1)) == [2])
    }

    @Test(arguments: ["", "no JSON", "[]", "{}", "{\"endpoint\": 7}", "{\"endpoint\": \"nowhere\"}"])
    func ignoresWhatIsNoInstance(text: String) throws {
        var view = ServiceView(of: "echo")
        _ = view.start()
        _ = view.listed(.success(["a"]), round: 1)
        let actions = view.fetched("a", .success(Array(text.utf8)), round: 1)
        #expect(actions.count == 2)
        guard case .unusable(node: "a", _) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(actions.last == .publish([]))
        // It is not read again before it changes.
        _ = view.listChanged()
        #expect(view.listed(.success(["a"]), round: 2) == [.publish([])])
    }

    @Test func keepsTheLastListWhileThereIsNoConnection() throws {
        var view = try Self.loaded()
        _ = view.listChanged()
        #expect(view.listed(.failure(.connectionLost), round: 2) == [])
        #expect(view.instances.count == 2)
        #expect(view.isIdle)
        view.pause()
        #expect(view.listed(.success([]), round: 2) == [])
        #expect(view.instances.count == 2)
        // Everything is read again then.
        guard case .list(let round)? = view.start().first else {
            Issue.record("no list")
            return
        }
        #expect(view.listed(.success(["a", "b"]), round: round).count == 3)
        #expect(view.fetched("a", .failure(.connectionLost), round: round) == [])
        #expect(view.instances.count == 2)
        #expect(view.isIdle)
    }

    /// A view whose connection was lost and is back, and the round that makes the first list since.
    private static func returning() throws -> (ServiceView, round: Int) {
        var view = try loaded()
        view.pause()
        guard case .list(let round)? = view.start().first else { throw NoList() }
        return (view, round)
    }

    private struct NoList: Error {}

    /// Others may take longer to reconnect than we do.
    @Test func waitsForWhatIsMissingAfterALoss() throws {
        var (view, round) = try Self.returning()
        #expect(view.listed(.success(["b"]), round: round).first == .waitForMissing(round))
        #expect(Self.ports(view.fetched("b", .success(try Self.document(2)), round: round)) == [1, 2])
        #expect(view.missingStayAway(since: round - 1) == [])
        #expect(Self.ports(view.missingStayAway(since: round)) == [2])
        #expect(view.missingStayAway(since: round) == [])
    }

    /// Nodes of dead sessions still exist when the servers are back, and expire then.
    @Test func waitsForWhatGoesMissingSoonAfterALoss() throws {
        var (view, round) = try Self.returning()
        #expect(view.listed(.success(["a", "b"]), round: round).first == .waitForMissing(round))
        _ = view.fetched("a", .success(try Self.document(1)), round: round)
        // One disappears between the list and the read, the other later.
        #expect(Self.ports(view.fetched("b", .failure(.noNode), round: round)) == [1, 2])
        _ = view.listChanged()
        #expect(Self.ports(view.listed(.success([]), round: round + 1)) == [1, 2])
        // The owner of one is back.
        _ = view.listChanged()
        _ = view.listed(.success(["a"]), round: round + 2)
        #expect(Self.ports(view.fetched("a", .success(try Self.document(3)), round: round + 2)) == [2, 3])
        #expect(Self.ports(view.missingStayAway(since: round)) == [3])
        // From now on, nodes that disappear are gone.
        _ = view.listChanged()
        #expect(Self.ports(view.listed(.success([]), round: round + 3)) == [])
    }

    @Test func keepsNothingWhenAllAreBack() throws {
        var (view, round) = try Self.returning()
        _ = view.listed(.success(["a", "b"]), round: round)
        _ = view.fetched("a", .success(try Self.document(1)), round: round)
        _ = view.fetched("b", .success(try Self.document(2)), round: round)
        #expect(view.missingStayAway(since: round) == [])
        _ = view.listChanged()
        #expect(Self.ports(view.listed(.success(["b"]), round: round + 1)) == [2])
    }

    @Test func beginsToWaitAnewWhenTheConnectionIsLostAgain() throws {
        var (view, round) = try Self.returning()
        _ = view.listed(.success([]), round: round)
        view.pause()
        #expect(view.missingStayAway(since: round) == [])
        guard case .list(let next)? = view.start().first else { throw NoList() }
        #expect(view.missingStayAway(since: round) == [])
        let actions = view.listed(.success([]), round: next)
        #expect(actions.first == .waitForMissing(next))
        #expect(Self.ports(actions) == [1, 2])
        #expect(view.missingStayAway(since: round) == [])
        #expect(Self.ports(view.missingStayAway(since: next)) == [])
    }

    @Test func replacesTheMissingByTheReturned() throws {
        var (view, round) = try Self.returning()
        // All data is lost.
        let actions = view.listed(.failure(.noNode), round: round)
        #expect(actions.first == .waitForMissing(round))
        #expect(Self.ports(actions) == [1, 2])
        #expect(actions.last == .awaitService(round: round))
        _ = view.listChanged()
        _ = view.listed(.success(["a"]), round: round + 1)
        #expect(Self.ports(view.fetched("a", .success(try Self.document(3)), round: round + 1)) == [2, 3])
        #expect(Self.ports(view.missingStayAway(since: round)) == [3])
    }

    @Test func knowsWhatNobodyHasRegistered() {
        var view = ServiceView(of: "echo")
        _ = view.start()
        #expect(view.listed(.failure(.noNode), round: 1) == [.unknown])
    }

    @Test func waitsForAServiceThatWasRemoved() throws {
        var view = try Self.loaded()
        _ = view.listChanged()
        #expect(view.listed(.failure(.noNode), round: 2) == [.publish([]), .awaitService(round: 2)])
        #expect(view.foundService(.failure(.noNode), round: 2) == [])
        #expect(view.listChanged() == [.list(round: 3)])
        _ = view.listed(.failure(.noNode), round: 3)
        // It was created between the two requests.
        #expect(view.foundService(.success(()), round: 3) == [.list(round: 4)])
    }

    @Test func reportsWhatCannotBeRead() throws {
        var view = ServiceView(of: "echo")
        _ = view.start()
        #expect(view.listed(.failure(.notPermitted), round: 1) == [.failed(.notPermitted)])
        #expect(view.isIdle)
        // A single node that cannot be read does not hide the others.
        guard case .list(let round)? = view.start().first else {
            Issue.record("no list")
            return
        }
        _ = view.listed(.success(["a", "b"]), round: round)
        _ = view.fetched("a", .failure(.notPermitted), round: round)
        #expect(Self.ports(view.fetched("b", .success(try Self.document(2)), round: round)) == [2])
    }
}
