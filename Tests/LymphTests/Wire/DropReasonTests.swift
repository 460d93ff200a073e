import Testing

@testable import Lymph

@Suite("Reasons for dropping")
struct DropReasonTests {
    @Test("the names of the reasons are stable, because operators search for them")
    func reasons() {
        #expect(
            Set(DropReason.allCases.map(\.rawValue)) == [
                "frame_count", "packed", "too_large", "source", "encoding", "kind", "headers", "unknown_reply",
                "wrong_peer", "unexpected_request", "undeliverable", "handshake", "unauthorized",
            ])
    }
}
