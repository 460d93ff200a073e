import Testing

@testable import LymphZooKeeper

@Suite struct WithdrawalTests {
    private let path = "/lymph/services/echo/x"

    private func withdrawal() -> Withdrawal { Withdrawal(path: path, session: 7, number: 1) }

    @Test func removesWhatIsOurs() {
        var withdrawal = withdrawal()
        #expect(withdrawal.isPending)
        #expect(withdrawal.start() == .send(.find(path, watch: false)))
        #expect(!withdrawal.isPending)
        #expect(withdrawal.handle(.success(.found(NodeStatus(owner: 7)))) { $0 == 7 } == .send(.delete(path)))
        #expect(withdrawal.handle(.success(.done)) { _ in true } == .finished)
    }

    @Test func leavesOthersAlone() {
        var withdrawal = withdrawal()
        _ = withdrawal.start()
        #expect(withdrawal.handle(.success(.found(NodeStatus(owner: 8)))) { $0 == 7 } == .finished)
    }

    @Test func isDoneWhenThereIsNothing() {
        var withdrawal = withdrawal()
        _ = withdrawal.start()
        #expect(withdrawal.handle(.failure(.noNode)) { _ in true } == .finished)
    }

    @Test func goesOnWithTheNextConnection() {
        var withdrawal = withdrawal()
        _ = withdrawal.start()
        _ = withdrawal.handle(.success(.found(NodeStatus(owner: 7)))) { _ in true }
        #expect(withdrawal.handle(.failure(.connectionLost)) { _ in true } == .interrupted)
        #expect(withdrawal.isPending)
        #expect(withdrawal.start() == .send(.find(path, watch: false)))
    }
}
