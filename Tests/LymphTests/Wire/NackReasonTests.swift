import Testing

@testable import Lymph

@Suite("Reasons of a NACK")
struct NackReasonTests {
    @Test(
        "the texts, and what they say of the execution",
        arguments: [
            (.rejected, "rejected", true), (.overloaded, "overloaded", true), (.draining, "draining", true),
            (.expired, "expired", true), (.unauthorized, "unauthorized", true), (.failed, "failed", false),
            // Of a reason that we don't know nothing is sure.
            (NackReason("tired"), "tired", false), (NackReason(""), "", false),
            (NackReason("Rejected"), "Rejected", false),
        ] as [(NackReason, String, Bool)])
    func texts(reason: NackReason, text: String, isSurelyNotExecuted: Bool) {
        #expect(reason.description == text)
        #expect(reason == NackReason(text))
        #expect(reason.isSurelyNotExecuted == isSurelyNotExecuted)
    }
}
