import Testing

@testable import Lymph

@Suite("Calls in random sequences of events")
struct CallsModelTests {
    /// The instances of a service; 0 is called by its endpoint only.
    private static let instances = 1...4
    private static let reasons: [NackReason?] = [nil, nil, nil, .overloaded, .draining, .failed]

    @Test("every call ends once and leaves nothing behind", arguments: seeds(30))
    func everyCallEndsOnce(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bench = CallBench(seed: seed, isOpen: seed % 3 != 0, isStarting: seed % 5 != 0)
        var calls: [Call] = []
        var time = 0.0
        for _ in 0..<1000 {
            step(bench, &calls, &time, &random)
            let asked = (0...4).reduce(0) { $0 + bench.outstanding($1) }
            if asked > bench.calls.count || (0...4).contains(where: { bench.outstanding($0) < 0 }) {
                Issue.record("\(asked) are asked for \(bench.calls.count) calls")
                return
            }
            if bench.ends.count + bench.calls.count != calls.count {
                Issue.record("\(bench.ends.count) calls of \(calls.count) have ended, and \(bench.calls.count) wait")
                return
            }
        }
        // The remaining calls end now.
        if seed % 2 == 0 { bench.stop(LymphError(.stopped, "over")) } else { bench.advance(to: time + 20) }
        #expect(bench.isClean())
        #expect(bench.ends.count == calls.count)
        #expect(calls.allSatisfy { bench.end(of: $0) != nil })
        for call in calls { expectDifferentPeers(bench.peers(of: call)) }
    }

    private func expectDifferentPeers(_ peers: [Endpoint]) {
        if Set(peers).count != peers.count { Issue.record("a call was sent twice to one of \(peers)") }
    }

    private func step(
        _ bench: CallBench, _ calls: inout [Call], _ time: inout Double, _ random: inout SplitMix64
    ) {
        let number = Int.random(in: 0...4, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30:
            let target: Target =
                switch Int.random(in: 0..<10, using: &random) {
                case 0: .endpoint(.number(number))
                case 1: .service("echo", "1.0.0")
                case 2: .service("other", nil)
                default: .service("echo", nil)
                }
            calls.append(
                bench.begin(
                    target, timeout: .random(in: 0.01...10, using: &random), idempotent: .random(using: &random),
                    waits: .random(using: &random)))
        case 30..<60:
            // Answers of all kinds, even repeated ones and from peers that nobody asked.
            guard let (id, peer) = bench.sent.suffix(30).randomElement(using: &random) else { return }
            let reason = Self.reasons.randomElement(using: &random) ?? nil
            bench.answer(id, reason, from: Int.random(in: 0..<10, using: &random) == 0 ? .number(number) : peer)
        case 60..<66: if let call = calls.suffix(20).randomElement(using: &random) { bench.cancel(call) }
        case 66..<72: bench.connect(number)
        case 72..<76: bench.disconnect(number)
        case 76..<79: bench.clog(number)
        case 79..<81: bench.impossible = Int.random(in: 0..<3, using: &random) == 0 ? [.number(number)] : []
        case 81..<87:
            let listed = Self.instances.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
            let service = Int.random(in: 0..<5, using: &random) == 0 ? "other" : "echo"
            bench.list(listed.map { .number($0, $0 == 4 ? "1.1.0" : nil, of: service) }, of: service)
        case 87..<89: _ = bench.lookupFailed(mayCome: .random(using: &random))
        case 89: bench.openCalls()
        case 90: bench.endStartup()
        default:
            // Mostly too short for anything to be noticed, sometimes longer than every timeout.
            time += Double.random(in: 0...(Int.random(in: 0..<5, using: &random) == 0 ? 4 : 0.1), using: &random)
            bench.advance(to: time)
        }
    }
}
