import Testing

@testable import Lymph

@Suite("Why something is dropped")
struct DropReasonTests {
    @Test("the names of the reasons are what operators look for")
    func reasons() {
        #expect(
            Set(DropReason.allCases.map(\.rawValue)) == [
                "frame_count", "packed", "too_large", "source", "encoding", "kind", "headers", "unknown_reply",
                "wrong_peer", "unexpected_request", "undeliverable", "handshake",
            ])
    }
}
