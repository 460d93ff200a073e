import LymphService
import Testing

@Suite("Signals to stop")
struct StopSignalsTests {
    private let start = ContinuousClock.now

    @Test("signals within a second of the first belong to it, a later one forces the end")
    func meanings() {
        var signals = StopSignals()
        #expect(signals.receive(now: start) == .stop)
        #expect(signals.receive(now: start) == .repetition)
        #expect(signals.receive(now: start + .milliseconds(999)) == .repetition)
        #expect(signals.receive(now: start + .seconds(1)) == .force)
        #expect(signals.receive(now: start + .seconds(60)) == .force)
    }

    @Test("the second counts from the first signal, however many there are")
    func fromTheFirst() {
        var signals = StopSignals()
        let meanings = (0...11).map { signals.receive(now: start + .milliseconds(100) * $0) }
        #expect(meanings == [.stop] + Array(repeating: .repetition, count: 9) + [.force, .force])
    }
}
