import Testing

@testable import Lymph

@Suite("Calls that a peer works for in vain")
struct AbandonedCallsTests {
    @Test("are told to a peer that reads notices, and to no other")
    func known() {
        var calls = AbandonedCalls()
        #expect(calls.hear(.packing) == [])
        #expect(calls.add(1) == .none)
        #expect(calls.hear(.ours) == [])
        #expect(calls.add(2) == .send)
        // A packed answer doesn't repeat what was said before.
        #expect(calls.hear(.packing) == [])
        #expect(calls.add(3) == .send)
    }

    @Test("are kept until the peer has said something, up to a limit", arguments: [Features.ours, .packing, []])
    func unknown(features: Features) {
        var calls = AbandonedCalls()
        #expect(calls.add(1) == .ask)
        for id in 2...2000 as ClosedRange<UInt128> { #expect(calls.add(id) == .none) }
        #expect(calls.hear(features) == (features == .ours ? Array(1...1000) : []))
        #expect(calls.hear(.ours) == [])
    }
}
